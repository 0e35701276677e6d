/// Why a value of the configuration or the command line was not taken: what is wrong with it, and what to write instead.
struct ValueError: Error, Equatable, CustomStringConvertible {
    var problem: String
    var advice: String

    init(_ problem: String, advice: String) {
        self.problem = problem
        self.advice = advice
    }

    var description: String { "\(problem); \(advice)" }
}
