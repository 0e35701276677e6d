import NIOCore
import NIOHTTP1

/// Requests that are for no endpoint: the application may answer them.
extension UpgradeHandler {
    /// - Returns: whether the application is asked; the answer comes later then.
    func ask(_ request: Request, close: Bool, _ context: ChannelHandlerContext) -> Bool {
        let head = request.head
        guard let route = routes.first, let answer = route.server.hooks.onRequest, head.method == .GET || head.method == .HEAD,
            !UpgradeRequest.wantsUpgrade(head)
        else { return false }
        guard !request.hasBody, !head.headers.contains(name: "Transfer-Encoding") else {
            respond(.badRequest, body: "this request has no body", isHead: head.method == .HEAD, close: true, context)
            return true
        }
        phase = .asking
        let remote = Self.remote(context)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        Task.immediate(executorPreference: route.loop.executor) {
            let answer = await answer(head, remote) ?? HTTPAnswer(status: .notFound, text: "not found\n")
            // In a turn of its own: the request may still be on its way through the pipeline.
            bound.eventLoop.execute {
                let (handler, context) = bound.value
                guard case .asking = handler.phase else { return }
                handler.phase = .answering
                handler.send(answer.sound, isHead: head.method == .HEAD, close: close, context)
                handler.goOn(context)
            }
        }
        return true
    }
}
