import NeffosFeed
import NeffosObservatory
import Synchronization
import Testing

@testable import NeffosCommand

@Suite struct DrillPlanTests {
    @Test func `what a drill does not say is as usual`() throws {
        let whole = try DrillPlan(parsing: "drop=50%,away=250ms,at=2m,filter=ns:chat, room:lobby")
        #expect(whole.percent == 50)
        #expect(whole.away.milliseconds == 250)
        #expect(whole.at == .after(DurationText(milliseconds: 120_000)))
        #expect(try DrillPlan(parsing: "at=connections>=50,away=1s").at == .when(Expectation(parsing: "connections>=50")))
        #expect(whole.filter?.text == "ns:chat, room:lobby")
        let short = try DrillPlan(parsing: "drop=12.5")
        #expect(short.percent == 12.5)
        #expect(short.command.action == .drill(percent: 12.5, away: 3000))
        #expect(short.at == .after(DurationText(milliseconds: 5000)))
        #expect(try DrillPlan(parsing: "").percent == 100)
    }

    @Test(
        arguments: [
            ("drp=50%", "\"drp\" is no part of a drill", "did you mean \"drop\"?"),
            ("drop=0%", "\"0%\" is no share", "write more than 0% and at most 100%, like drop=50%"),
            ("drop=101%", "\"101%\" is no share", "write more than 0% and at most 100%, like drop=50%"),
            ("drop=nan", "\"nan\" is no share", "write more than 0% and at most 100%, like drop=50%"),
            ("drop", "\"drop\" has no value", "write it like drop=50%,away=3s,at=5s"),
            ("away=3", "\"3\" has no unit", "write ms, s, m or h after the number, like 250ms or 5s"),
            ("drop=50%,", "a comma stands at the end", "remove it"),
            ("at=conections>=5", "at: unknown figure \"conections\" at character 1", "did you mean \"connections\"?"),
            ("filter=nss:x", "filter: unknown field \"nss\" at character 1", "did you mean \"ns\"?"),
        ] as [(String, String, String)])
    func `a mistake is named`(text: String, problem: String, advice: String) {
        let error = #expect(throws: ValueError.self) { try DrillPlan(parsing: text) }
        #expect(error?.problem == problem)
        #expect(error?.advice == advice)
    }

    @Test func `the command line's lints win over the configuration's`() {
        var lints = LintSettings(warn: ["herd"], allow: ["flapping", "loop-lag"])
        lints.override(warn: ["flapping"], allow: ["herd"])
        #expect(lints.warn == ["flapping"])
        #expect(lints.allow == ["herd", "loop-lag"])
    }
}
