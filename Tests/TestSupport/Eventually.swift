/// Waits until something is so that nobody tells of. Whoever calls it has a time limit, which ends the wait with an error.
package func eventually(_ isSo: () async throws -> Bool) async throws {
    // A pause rather than a yield: a spinning test would starve those it waits for.
    while try await !isSo() { try await Task.sleep(for: .milliseconds(1)) }
}
