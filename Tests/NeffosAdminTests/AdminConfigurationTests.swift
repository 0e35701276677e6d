import NeffosAdmin
import Testing

@Suite struct AdminConfigurationTests {
    @Test func `an address without a token has none`() {
        #expect(AdminConfiguration(address: .tcp(host: "127.0.0.1", port: 0)).token == nil)
    }
}
