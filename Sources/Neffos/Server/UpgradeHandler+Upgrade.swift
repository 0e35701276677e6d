import Logging
import NIOCore
import NIOHTTP1

/// Upgrades: admitted, decided about by the application, and taken over or refused (protocol section 1).
extension UpgradeHandler {
    func upgrade(_ route: Route, _ head: HTTPRequestHead, _ request: UpgradeRequest, _ context: ChannelHandlerContext) {
        if case .refuse(let status, let reason) = route.server.admitUpgrade(from: Self.address(context)) {
            respond(HTTPResponseStatus(statusCode: status), body: reason, close: true, context)
            return reject(route, context, status: status, reason: reason, tries: request.tries)
        }
        guard let authorize = route.server.hooks.authorize else { return accept(route, head, request, context) }
        phase = .deciding(route)
        let bound = NIOLoopBound((self, route, context), eventLoop: context.eventLoop)
        let logger = route.server.logger
        Task.immediate(executorPreference: route.loop.executor) {
            let decision: Authorization
            do {
                decision = try await authorize(request)
            } catch {
                logger.error("deciding about an upgrade failed", metadata: ["error": "\(error)"])
                decision = .refuse(status: .internalServerError, reason: "internal error")
            }
            // In a turn of its own: the request may still be on its way through the pipeline.
            bound.eventLoop.execute {
                let (handler, route, context) = bound.value
                handler.decided(decision, route, head, request, context)
            }
        }
    }

    private func decided(
        _ decision: Authorization, _ route: Route, _ head: HTTPRequestHead, _ request: UpgradeRequest, _ context: ChannelHandlerContext
    ) {
        guard case .deciding = phase else { return }
        phase = .answering
        switch decision {
        case .accept(let key, let headers):
            var request = request
            if let key { request.identity = key }
            accept(route, head, request, headers: headers, context)
        case .refuse(let status, let reason, let headers):
            let status = status.code >= 400 ? status : .unauthorized
            refuse(route, request, status, reason, headers: headers, context)
        }
        goOn(context)
    }

    private func accept(
        _ route: Route, _ head: HTTPRequestHead, _ request: UpgradeRequest, headers: HTTPHeaders = [:], _ context: ChannelHandlerContext
    ) {
        let wanted = route.server.id(for: request)
        if let wanted, !UpgradeRequest.isIdentity(wanted) {
            return refuse(route, request, .badRequest, "malformed identity", context)
        }
        guard !route.server.isHeldOut(request, id: wanted) else {
            return refuse(route, request, .forbidden, Server.heldOut, context)
        }
        phase = .over
        takeOver(route, head, request, id: wanted, headers: headers, context) {
            self.phase = .answering
            self.refuse(route, request, .badRequest, "malformed upgrade", context)
        }
    }

    /// Gives back the place of an upgrade that was admitted and comes to nothing.
    private func refuse(
        _ route: Route, _ request: UpgradeRequest, _ status: HTTPResponseStatus, _ reason: String, headers: HTTPHeaders = [:],
        _ context: ChannelHandlerContext
    ) {
        route.server.release(Self.address(context))
        respond(status, headers: headers, body: reason, close: true, context)
        reject(route, context, status: Int(status.code), reason: reason, tries: request.tries)
    }
}
