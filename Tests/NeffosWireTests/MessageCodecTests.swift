import NIOCore
import NeffosWire
import Testing

@Suite struct MessageCodecTests {
    static func parse(_ string: String, isBinary: Bool = false) throws(WireError) -> Message {
        try MessageCodec.parse(ByteBuffer(string: string), isBinary: isBinary)
    }

    static func write(_ message: Message) -> String {
        var out = ByteBuffer()
        MessageCodec.write(message, into: &out)
        #expect(out.readableBytes == MessageCodec.length(of: message))
        return String(buffer: out)
    }

    @Test func theSevenFieldsAreRead() throws {
        let message = try Self.parse("$123;default;lobby;chat;1;0;the body")
        #expect(
            message
                == Message(
                    wait: WaitToken(client: 123), namespace: "default", room: "lobby", event: "chat", isError: true,
                    body: ByteBuffer(string: "the body")))
        #expect(try Self.parse(";;;;;;", isBinary: true) == Message(isBinary: true))
    }

    @Test func whatFollowsTheSixthSeparatorIsBodyByteForByte() throws {
        let body = ";a;;@%!semicolon@%!;0;\n"
        let message = try Self.parse("w;n;r;e;0;0;" + body)
        #expect(message.text == body)
        #expect(Self.write(message) == "w;n;r;e;0;0;" + body)
    }

    @Test func aBodyNeedNotBeText() throws {
        let payload = ByteBuffer(bytes: Array("w;n;;e;0;0;".utf8) + [0, 0xFF, 0x3B, 0xFE])
        let message = try MessageCodec.parse(payload, isBinary: true)
        #expect(message.body.array == [0, 0xFF, 0x3B, 0xFE])
        var out = ByteBuffer()
        MessageCodec.write(message, into: &out)
        #expect(out == payload)
    }

    @Test(arguments: ["", "M", ";", ";;;;;", "a;b;c;d;0;0", "no separators at all, though long enough for the fast path"])
    func fewerThanSevenFieldsAreRefused(payload: String) {
        let error = #expect(throws: WireError.self) { try Self.parse(payload) }
        #expect(error?.kind == "invalid-payload")
    }

    @Test(arguments: 0..<3) func aFieldThatIsNoTextIsRefused(field: Int) {
        for bad in [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0x40, 0xC0, 0x80]] as [[UInt8]] {
            var fields: [[UInt8]] = [[0x6E], [0x72], [0x65]]
            fields[field] = bad
            let payload = ByteBuffer(bytes: Array("w;".utf8) + fields.joined(separator: [0x3B]) + Array(";0;0;b".utf8))
            let error = #expect(throws: WireError.self) { try MessageCodec.parse(payload, isBinary: true) }
            #expect(error?.kind == "invalid-payload")
        }
    }

    @Test func onlyAOneSetsAFlag() throws {
        #expect(try Self.parse(";n;;e;1;1;").isError)
        #expect(try Self.parse(";n;;e;1;1;").isNoOp)
        for flag in ["", "0", "2", "10", "11", "true", " 1"] {
            let message = try Self.parse(";n;;e;\(flag);\(flag);")
            #expect(!message.isError && !message.isNoOp)
        }
    }

    @Test func flagsAreWritten() {
        #expect(Self.write(Message(namespace: "n", event: "e")) == ";n;;e;0;0;")
        #expect(Self.write(Message(namespace: "n", event: "e", isError: true)) == ";n;;e;1;0;")
        #expect(Self.write(Message(namespace: "n", event: "e", isNoOp: true)) == ";n;;e;0;1;")
    }

    @Test func theEmptyReplyHasNoFlags() {
        #expect(Self.write(Message(wait: WaitToken(server: 42))) == "42;;;;;;")
        #expect(Self.write(Message()) == ";;;;;;")
        #expect(Self.write(Message(wait: WaitToken(server: 42), isError: true)) == "42;;;;1;0;")
        #expect(Self.write(Message(wait: WaitToken(server: 42), body: ByteBuffer(string: "b"))) == "42;;;;0;0;b")
    }

    @Test func separatorsInNamesAreEscaped() throws {
        let message = Message(namespace: "a;b", room: ";", event: ";;é;", body: ByteBuffer(string: ";"))
        let wire = ";a@%!semicolon@%!b;@%!semicolon@%!;@%!semicolon@%!@%!semicolon@%!é@%!semicolon@%!;0;0;;"
        #expect(Self.write(message) == wire)
        #expect(try Self.parse(wire) == message)
    }

    @Test(arguments: [
        "@", "@%!", "a@b.example", "@%!semicolon@%", "@@%!semicolon", "@%!semicolon@ %!", "é@", "user@host, a longer name than fifteen",
    ])
    func anAtSignAloneStaysWhatItIs(name: String) throws {
        let message = Message(namespace: name, room: name, event: name)
        #expect(try Self.parse(Self.write(message)) == message)
        #expect(Self.write(message) == ";\(name);\(name);\(name);0;0;")
    }

    @Test func marksThatOverlapAreReadFromTheLeft() throws {
        #expect(try Self.parse(";@%!semicolon@%!semicolon@%!;;e;0;0;").namespace == ";semicolon@%!")
        #expect(try Self.parse(";@@%!semicolon@%!@;;e;0;0;").namespace == "@;@")
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>) func whatIsWrittenIsRead(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("abc;@%!é€😀 semicolon".unicodeScalars)
        func name() -> String {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...40, using: &random) { scalars.append(alphabet.randomElement(using: &random) ?? "?") }
            return String(scalars)
        }
        let body = (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        let message = Message(
            wait: WaitToken(client: random.next()), namespace: name(), room: name(), event: name(), isError: Bool.random(using: &random),
            isNoOp: Bool.random(using: &random), isBinary: Bool.random(using: &random), body: ByteBuffer(bytes: body))
        var out = ByteBuffer(string: "before")
        MessageCodec.write(message, into: &out)
        out.moveReaderIndex(forwardBy: 6)
        #expect(out.readableBytes == MessageCodec.length(of: message))
        #expect(try MessageCodec.parse(out, isBinary: message.isBinary) == message)
    }

    @Test func aTokenIsRepeatedWhateverItLooksLike() throws {
        for token in ["$1", "17", "k2x9", "#5", "$!x", "neffos(0x1(a))", "@%!semicolon@%!", " "] {
            #expect(Self.write(try Self.parse("\(token);n;;e;0;0;x")) == "\(token);n;;e;0;0;x")
        }
    }

    @Test func aReplyRepeatsAllButFlagsAndBody() throws {
        let ask = try Self.parse("$1;n;r;e;1;1;question", isBinary: true)
        #expect(Self.write(ask.reply(ByteBuffer(string: "answer"))) == "$1;n;r;e;0;0;answer")
        #expect(Self.write(ask.failure("no")) == "$1;n;r;e;1;0;no")
        #expect(ask.reply(ByteBuffer()).isBinary && ask.failure("").isBinary)
        #expect(ask.text == "question")
    }
}
