import Neffos
import Testing

@testable import NeffosCommand

/// What the protocol's own errors are called where people read them.
@Suite struct ProtocolWordsTests {
    private static let wishes: [ProtocolWords.Wish] = [
        .connect, .join(namespace: "chat"), .use(namespace: "chat"), .use(namespace: "chat", room: "lobby"), .leave,
    ]

    @Test(arguments: NeffosError.Code.allCases.filter { $0 != .other })
    func `each of them is a sentence with what to do`(code: NeffosError.Code) throws {
        for wish in Self.wishes {
            let words = try #require(ProtocolWords(NeffosError(code), of: wish))
            #expect(!words.problem.isEmpty && !words.advice.isEmpty)
            for text in ["bad namespace", "bad room", "write closed", "limit reached", "[-1]"] { #expect(!words.text.contains(text)) }
        }
    }

    @Test func `what is missing is named`() {
        func text(_ code: NeffosError.Code, _ wish: ProtocolWords.Wish) -> String? { ProtocolWords(NeffosError(code), of: wish)?.text }
        #expect(text(.badNamespace, .connect) == "the server has no such namespace; check the name")
        #expect(text(.badNamespace, .join(namespace: "chat")) == "not in that namespace; connect chat first")
        #expect(text(.badRoom, .use(namespace: "chat", room: "lobby")) == "not in that room; join chat lobby first")
    }

    @Test func `what a handler said, or is no error of the protocol, stands for itself`() {
        #expect(ProtocolWords(NeffosError("the room is full"), of: .connect) == nil)
        #expect(ProtocolWords(ClientError.ended, of: .connect) == nil)
    }
}
