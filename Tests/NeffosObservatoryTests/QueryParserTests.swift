import NeffosFeed
import TestSupport
import Testing

@testable import NeffosObservatory

@Suite struct QueryParserTests {
    private func row(_ id: String, key: String? = nil, rooms: [String] = [], tries: Int = 0) -> ConnectionRow {
        ConnectionRow(
            id: id, key: key, remote: "10.0.0.1:5000", openedAt: FeedTime(milliseconds: 0), tries: tries,
            namespaces: [NamespaceMembership(name: rooms == ["nook"] ? "zone" : "chat", rooms: rooms)])
    }

    private func passes(_ text: String, _ row: ConnectionRow, at now: Int64 = 60_000) throws -> Bool {
        try Query(parsing: text).matches(row, at: FeedTime(milliseconds: now))
    }

    @Test(
        arguments: [
            ("a b", "ab", true), ("a b", "a", false), ("a | b", "b", true), ("a b | c", "c", true), ("a (b | c)", "c", false),
            ("a (b | c)", "ac", true), ("-a", "b", true), ("-a", "a", false), ("!a b", "b", true), ("!(a | b)", "c", true),
            ("- - a", "a", true), ("\"a b\"", "x a b", true), ("\"a b\"", "ab", false), ("\"a\\\"b\"", "a\"b", true), ("a-b", "a-b", true),
            ("A*C", "xabcx", true), ("c*a", "xabcx", false), ("", "any", true), ("  ", "any", true), ("\"|\"", "a|b", true),
            ("1:2", "x1:2", true), ("nook", "a", true), ("NO*k", "a", true), ("zone", "a", true), ("10.0", "a", true), ("ä", "xäx", true),
        ] as [(String, String, Bool)])
    func `terms beside each other are and, with a bar or, and a sign before them negates`(text: String, id: String, isSo: Bool) throws {
        #expect(try passes(text, row(id, rooms: ["nook"])) == isSo)
    }

    @Test(
        arguments: [
            ("ns:chat", true), ("ns:cha", false), ("ns:CHAT", true), ("ns:c*", true), ("ns:\"c*\"", false), ("room:lobby", true),
            ("room:desk-*", true), ("room:*4", true), ("room:d*-4", true), ("room:d*5", false), ("ip:10.0.", true), ("ip:0.0.1", false),
            ("key:alice", true), ("key:ali", false), ("key=alice", true), ("key!=alice", false), ("key!=bob", true), ("id:c1", true),
            ("tries>3", true), ("tries>4", false), ("tries>=4", true), ("tries=4", true), ("tries==4", true), ("tries:4", true),
            ("tries!=4", false), ("tries<=4", true), ("tries<4", false), ("rooms>=2", true), ("ns>1", false), ("ns=1", true),
            ("age<5m", true), ("age>59s", true), ("age>60s", false), ("age>=1m", true), ("age<1.5m", true), ("state:unack*", true),
            ("state:slow", false), ("idle>30s", false), ("idle<30s", false), ("-idle>30s", true), ("queue>64KiB", false),
            ("code=1006", false), ("-code=1006", true), ("event:connection.closed", false), ("/^c\\d$/", true), ("/LOB+y/", true),
            ("/^lobb$/", false), ("ns:chat room:lobby ip:10.0. key:alice tries>3", true),
        ] as [(String, Bool)])
    func `fields are asked by name`(text: String, isSo: Bool) throws {
        #expect(try passes(text, row("c1", key: "alice", rooms: ["desk-4", "lobby"], tries: 4)) == isSo)
    }

    @Test(
        arguments: [
            ("nss:chat", "unknown field \"nss\" at character 1; did you mean \"ns\"?"),
            ("a room:", "room has no value at character 8; write one behind it, in quotes if it has spaces"),
            ("tries>x", "\"x\" is no number at character 7; write a number, like 3"),
            ("tries>", "there is no figure at character 7; write a number, like 3"),
            ("idle>30", "\"30\" has no unit at character 8; write a duration, like 250ms, 5s, 2m or 1h"),
            ("idle>30x", "unknown unit \"x\" at character 8; write a duration, like 250ms, 5s, 2m or 1h"),
            ("queue>1kb", "unknown unit \"kb\" at character 8; write a size, like 512, 64KiB or 1MB"),
            ("(a", "\"(\" is not closed at character 1; write \")\" behind its terms, or quote it: \"(\""),
            ("a)", "\")\" closes nothing at character 2; remove it, or quote it: \")\""),
            ("a |", "there is no term at character 4; write one, like ns:chat or tries>3"),
            ("| a", "there is no term at character 1; write one, like ns:chat or tries>3"),
            ("()", "there is no term at character 2; write one, like ns:chat or tries>3"),
            ("a -", "there is nothing to negate at character 4; write a term behind the sign, or quote it: \"-\""),
            ("\"a", "the quotes are not closed at character 1; write a second \""),
            ("/a", "the pattern is not closed at character 1; end it with a slash, or quote the text: \"/\""),
            ("x /a(/", "\"(\" is not closed at character 5; write \")\", or \\("),
            ("event:conection.closed", "there is no event \"conection.closed\" at character 7; did you mean \"connection.closed\"?"),
            ("state:slo", "there is no state \"slo\" at character 7; did you mean \"slow\"?"),
            ("key>3", "\"key\" is a text and cannot be compared so at character 4; write key:alice"),
        ] as [(String, String)])
    func `what is none is told with its place and what to do`(text: String, description: String) {
        let error = #expect(throws: QueryError.self) { try Query(parsing: text) }
        #expect(error?.description == description)
    }

    @Test func `what is too long or too deep is refused, not followed`() {
        #expect(throws: QueryError.self) { try Query(parsing: String(repeating: "a", count: Query.longest + 1)) }
        for sign in ["(", "-", "!("] {
            #expect(throws: QueryError.self) { try Query(parsing: String(repeating: sign, count: 400) + "a") }
        }
        #expect(throws: Never.self) { try Query(parsing: String(repeating: "(", count: 30) + "a" + String(repeating: ")", count: 30)) }
    }

    @Test func `no text of its signs makes the parser fail in another way than with an error that points into it`() {
        var random = Seeded(11)
        let signs = [
            "a", "ns:", "(", ")", "|", "-", "!", "\"", "/", "\\", "*", " ", ">", "=", "3", "s", "é", "tries", "[", "]", "{", "}", ".", "+",
        ]
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0..<14, using: &random)).map { _ in signs.randomElement(using: &random) ?? "" }.joined()
            do throws(QueryError) {
                let query = try Query(parsing: text)
                _ = query.matches(FeedEvent(time: FeedTime(milliseconds: 0), kind: .connectionAcknowledged(connection: "a3s", after: 1)))
            } catch {
                #expect((0...text.count).contains(error.position), "\(text): \(error)")
            }
        }
    }
}

@Suite struct QueryRegexTests {
    @Test(
        arguments: [
            ("a.c", "xabcx", true), ("a.c", "ac", false), ("^a", "ba", false), ("^a", "ab", true), ("a$", "ba", true), ("a$", "ab", false),
            ("^$", "", true), ("^$", "a", false), ("ab*c", "ac", true), ("ab+c", "ac", false), ("ab?c", "abbc", false),
            ("a{3}", "aa", false),
            ("a{2,3}b", "xaab", true), ("^a{2,}$", "aaaa", true), ("^a{0,2}$", "aaa", false), ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("[^a-c]x", "äx", true), ("[äö]", "ö", true), ("[]]", "]", true), ("[a-]", "-", true), ("\\d+-\\w", "12-x", true),
            ("\\D", "1", false),
            ("\\S\\s\\S", "a b", true), ("(ab|cd)+e", "abcde", true), ("(?:a|b)$", "b", true), ("a|b|c", "xcx", true), ("^.$", "ä", true),
            ("^.$", "👍", true), ("^..$", "👍", false), ("ABC", "xabcx", true), ("[A-C]", "b", true), ("\\.", "a", false),
            ("\\.", "a.b", true),
            ("(a|)b", "b", true), ("(^a|b)c", "xac", false), ("(^a|b)c", "xbc", true), ("a$|b", "ab", true), ("é", "É", false),
        ] as [(String, String, Bool)])
    func `an expression matches as it does elsewhere`(source: String, text: String, isSo: Bool) throws {
        var matcher = LinearRegexMatcher(try LinearRegex(Array(source)))
        let first = matcher.matches(text)
        // And again, from what it has learned.
        let second = matcher.matches(text)
        #expect([first, second] == [isSo, isSo])
    }

    @Test(arguments: ["(", ")", "[a", "a{", "a{9,2}", "a{999}", "*", "+a", "\\", "\\q", "\\1", "(?=a)", "[z-a]", "[^ä]"])
    func `what it does not know is said`(source: String) {
        #expect(throws: LinearRegex.Problem.self) { try LinearRegex(Array(source)) }
    }

    @Test func `an expression that would take others for ever takes this one a moment`() throws {
        var matcher = LinearRegexMatcher(try LinearRegex(Array("^(a+)+(a|aa)*b$")))
        var isMatch = true
        let time = ContinuousClock().measure { isMatch = matcher.matches(String(repeating: "a", count: 100_000)) }
        #expect(!isMatch)
        #expect(time < .seconds(10))
        #expect(throws: LinearRegex.Problem.self) { try LinearRegex(Array("((((a{200}){200}){200}){200})")) }
    }

    @Test func `it agrees with another implementation on many texts, however much it has to forget`() throws {
        var random = Seeded(5)
        for source in ["(a|b)*abb(a|b){4}", "a.{3}b", "^(ab|ba)+$", "b[^a]a|aab$"] {
            var matcher = LinearRegexMatcher(try LinearRegex(Array(source)))
            let other = try Regex(source)
            for _ in 0..<400 {
                let text = (0..<Int.random(in: 0..<24, using: &random)).map { _ in Bool.random(using: &random) ? "a" : "b" }.joined()
                let isMatch = matcher.matches(text)
                let wanted = try other.firstMatch(in: text) != nil
                #expect(isMatch == wanted, "\(source) in \(text)")
            }
        }
    }
}
