import NIOCore
import NIOHTTP1
import NeffosFeed

/// Reconnect probes: answered, held back for their turn, or closed without an answer (protocol section 1).
extension UpgradeHandler {
    func probe(_ route: Route, _ head: HTTPRequestHead, close: Bool, _ context: ChannelHandlerContext) {
        route.loop.counters.probes += 1
        let agent = head.headers.first(name: "User-Agent")
        let address = Self.address(context)
        // A proxy's channel carries many clients' probes.
        let isAnother = probed == address
        probed = address
        switch route.server.admitProbe(from: address, isAnother: isAnother) {
        case .drop:
            publishProbe(route, agent: agent, admitted: false, context)
            phase = .over
            context.close(promise: nil)
        case .answer(let wait) where wait <= .zero:
            publishProbe(route, agent: agent, admitted: true, context)
            respond(.found, isHead: true, close: close, context)
        case .answer(let wait):
            deadline?.cancel()
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let turn = context.eventLoop.scheduleTask(in: wait) {
                let (handler, context) = bound.value
                handler.takeTurn(close: close, context)
            }
            phase = .holding(HeldProbe(route: route, agent: agent, since: .now(), turn: turn))
        }
    }

    private func takeTurn(close: Bool, _ context: ChannelHandlerContext) {
        guard case .holding(let probe) = phase else { return }
        let isAdmitted = probe.route.server.admitTurn(of: Self.address(context), isPresent: true)
        publish(probe, admitted: isAdmitted, context)
        guard isAdmitted else {
            phase = .over
            return context.close(promise: nil)
        }
        phase = .answering
        respond(.found, isHead: true, close: close, context)
        goOn(context)
    }

    func publish(_ probe: HeldProbe, admitted: Bool, _ context: ChannelHandlerContext) {
        let held = Int((NIODeadline.now() - probe.since).nanoseconds / 1_000_000)
        publishProbe(probe.route, agent: probe.agent, admitted: admitted, held: held, context)
    }

    private func publishProbe(_ route: Route, agent: String?, admitted: Bool, held: Int = 0, _ context: ChannelHandlerContext) {
        let remote = Self.remote(context)
        route.loop.feed?.publish(.probe(.init(remote: remote, userAgent: agent, admitted: admitted, held: held)))
        route.server.hooks.onUpgradeError?(
            UpgradeError(
                remote: remote, status: admitted ? 302 : nil, reason: "a reconnecting client asks whether the server is there", tries: 0,
                isTryingToReconnect: true))
    }
}
