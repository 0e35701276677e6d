import Neffos

/// The protocol's own errors, which travel as a few words, as people read them: what is wrong, and what to do. What a server's handler said
/// stands for itself.
struct ProtocolWords: Equatable, Sendable {
    /// What was asked of the server.
    enum Wish: Equatable, Sendable {
        /// To be let into a namespace.
        case connect
        /// To be let into a room of this namespace.
        case join(namespace: String)
        /// Something for which one has to be in the namespace, and in the room where there is one.
        case use(namespace: String, room: String = "")
        /// To be let out of a namespace or room.
        case leave
    }

    var problem: String
    var advice: String

    /// One line.
    var text: String { "\(problem); \(advice)" }

    /// - Parameter lost: what to do where there is no connection any more.
    init?(_ error: any Error, of wish: Wish, lost: String = "try again once it is back") {
        guard let code = (error as? NeffosError)?.code else { return nil }
        switch code {
        case .other: return nil
        case .badNamespace: self.init(badNamespace: wish)
        case .badRoom: self.init(badRoom: wish)
        case .limitReached: self.init(limitReached: wish)
        case .writeClosed: self.init("the connection was lost before the answer", lost)
        case .timeout:
            self.init("no answer came in time", "check that the server answers this, or give it more with --timeout")
        case .invalidPayload: self.init("the server cannot read the body", "send one that this event expects")
        case .serverClosed: self.init("the server does not serve any more", "try again once it does")
        case .notAcknowledged: self.init("the server has not let this client in yet", "try again once it has")
        case .internalError: self.init("the server failed at this", "see in its log why")
        }
    }

    private init(_ problem: String, _ advice: String) {
        self.problem = problem
        self.advice = advice
    }

    private init(badNamespace wish: Wish) {
        switch wish {
        case .connect: self.init("the server has no such namespace", "check the name")
        case .leave: self.init("not in that namespace", "there is nothing to leave")
        case .join(let namespace), .use(let namespace, _): self.init("not in that namespace", "connect \(namespace) first")
        }
    }

    private init(badRoom wish: Wish) {
        switch wish {
        case .use(let namespace, let room) where !room.isEmpty: self.init("not in that room", "join \(namespace) \(room) first")
        case .leave: self.init("not in that room", "there is nothing to leave")
        case .connect, .join, .use: self.init("this is no name that a room can have", "choose another")
        }
    }

    private init(limitReached wish: Wish) {
        switch wish {
        case .connect: self.init("a connection may be in no more namespaces", "disconnect from one first")
        case .join:
            self.init("a connection may be in no more rooms, or in none with so long a name", "leave one first, or shorten the name")
        case .use, .leave: self.init("a connection may do no more of this", "see which limit the server has")
        }
    }
}
