import NIOCore
import NeffosWire
import Testing

@Suite struct WaitTokenTests {
    static func token(_ string: String) -> WaitToken { WaitToken(bytes: ByteBuffer(string: string)) }

    @Test func tokensOfOurOwnAreNumbers() {
        #expect(WaitToken(client: 123) == Self.token("$123"))
        #expect(WaitToken(server: 123) == Self.token("123"))
        for number in [0, 1, 9, 10, UInt64.max] {
            #expect(WaitToken(client: number).clientNumber == number)
            #expect(WaitToken(client: number).serverNumber == nil)
            #expect(WaitToken(server: number).serverNumber == number)
            #expect(WaitToken(server: number).clientNumber == nil)
        }
    }

    @Test(arguments: [
        "", "$", "01", "$01", "1a", "-1", "+1", " 1", "18446744073709551616", "$18446744073709551616", "99999999999999999999999",
    ])
    func noOtherTokenIsANumber(string: String) {
        #expect(Self.token(string).clientNumber == nil)
        #expect(Self.token(string).serverNumber == nil)
    }

    @Test func aTokenShowsWhereItComesFrom() {
        #expect(WaitToken.none.isNone)
        #expect(!Self.token("1").isNone)
        #expect(Self.token("$1").isFromClient && !Self.token("1").isFromClient && !WaitToken.none.isFromClient)
        #expect(Self.token("#1").isConfirmation && !Self.token("1#").isConfirmation && !WaitToken.none.isConfirmation)
        #expect(Self.token("$!1").isFromExchange && !Self.token("!1").isFromExchange && !Self.token("!").isFromExchange)
    }

    @Test func theExcludedConnectionIsTheWholeToken() {
        #expect(Self.token("neffos(0x12(id0xc0))").excludedConnection == "neffos(0x12(id0xc0))")
        #expect(Self.token("neffos(0").excludedConnection == nil)
        #expect(Self.token("$neffos(0x12)").excludedConnection == nil)
        #expect(WaitToken.none.excludedConnection == nil)
    }

    @Test func whereATokenLiesInItsFrameMakesNoDifference() throws {
        let first = try MessageCodec.parse(ByteBuffer(string: "$7;n;;e;0;0;"), isBinary: false).wait
        #expect(first == WaitToken(client: 7))
        #expect(first.hashValue == WaitToken(client: 7).hashValue)
    }
}
