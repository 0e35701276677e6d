import Foundation
import Synchronization
package import Testing

/// Lets only as many tests of the marked suites run at once as there are processors: those that talk to real servers, terminals or
/// processes would else wait for each other so long that a peer's deadline passes.
package struct FewAtOnce: SuiteTrait, TestTrait, TestScoping {
    private static let permits = Permits(max(2, ProcessInfo.processInfo.activeProcessorCount))

    package var isRecursive: Bool { true }

    /// A whole test function takes a permit, before its time limit begins to run for each case.
    package func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? {
        test.isSuite || testCase != nil ? nil : self
    }

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await Self.permits.take()
        defer { Self.permits.give() }
        try await function()
    }

    private final class Permits: Sendable {
        private let state: Mutex<(free: Int, waiting: [CheckedContinuation<Void, Never>])>

        init(_ count: Int) { state = Mutex((count, [])) }

        func take() async {
            await withCheckedContinuation { continuation in
                let isFree = state.withLock { state in
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiting.append(continuation)
                    return false
                }
                if isFree { continuation.resume() }
            }
        }

        func give() {
            let next: CheckedContinuation<Void, Never>? = state.withLock { state in
                guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
                state.free += 1
                return nil
            }
            next?.resume()
        }
    }
}

extension Trait where Self == FewAtOnce {
    /// See ``FewAtOnce``.
    package static var fewAtOnce: Self { Self() }
}
