/// Waits until something is so.
///
/// - Throws: ``InVain``, where it never is; the patience is of the kind that even a very busy machine does not use up.
package func eventually(
    within patience: Duration = .seconds(100), file: String = #fileID, line: Int = #line, _ isSo: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + patience
    // A pause rather than a yield: a spinning test would starve those it waits for.
    while try await !isSo() {
        guard ContinuousClock.now < deadline else { throw InVain(description: "in vain: what is awaited at \(file):\(line)") }
        try await Task.sleep(for: .milliseconds(1))
    }
}

package struct InVain: Error, CustomStringConvertible {
    package var description: String
}
