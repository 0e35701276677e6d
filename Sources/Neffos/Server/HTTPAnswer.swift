public import NIOCore
public import NIOHTTP1

/// What ``ServerHooks/onRequest`` answers.
public struct HTTPAnswer: Sendable, Equatable {
    /// From 200 on; others are answered as 500.
    public var status: HTTPResponseStatus
    /// Beside those that frame the answer, which are ours: `Content-Length`, `Transfer-Encoding`, `Connection`, `Upgrade`.
    public var headers: HTTPHeaders
    /// Whole; a `HEAD` is told its length only.
    public var body: ByteBuffer

    /// - Parameters: see the properties of the same names.
    public init(status: HTTPResponseStatus = .ok, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer of plain text, in UTF-8.
    public init(status: HTTPResponseStatus = .ok, text: String) {
        self.init(status: status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: ByteBuffer(string: text))
    }

    /// What is sent: nothing in it can break the frame of the answer.
    var sound: HTTPAnswer {
        var answer = self
        for name in ["Content-Length", "Transfer-Encoding", "Connection", "Upgrade"] { answer.headers.remove(name: name) }
        if status.code < 200 || status.code > 999 { answer = HTTPAnswer(status: .internalServerError, text: "internal error\n") }
        if answer.status == .noContent || answer.status == .notModified { answer.body = ByteBuffer() }
        return answer
    }
}
