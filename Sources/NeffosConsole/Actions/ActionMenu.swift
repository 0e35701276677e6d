/// What can be done, and on whom, while the operator chooses.
struct ActionMenu: Sendable {
    /// On whom it may be, the likeliest first; none where there is no connection.
    let choices: [ActionTargets]
    private(set) var choice = 0
    private(set) var selected = 0

    init(choices: [ActionTargets]) { self.choices = choices }

    var targets: ActionTargets? { choices.indices.contains(choice) ? choices[choice] : nil }
    /// Without connections only what is about the server is left.
    var kinds: [ActionKind] { targets == nil ? ActionKind.allCases.filter { $0.isOfServer } : ActionKind.allCases }
    var kind: ActionKind { kinds[min(selected, kinds.count - 1)] }

    mutating func move(by rows: Int) { selected = min(max(0, selected + rows), kinds.count - 1) }

    mutating func chooseTargets(by step: Int) {
        guard !choices.isEmpty else { return }
        choice = (choice + step + choices.count) % choices.count
    }
}
