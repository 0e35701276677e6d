public import Terminal

/// The console of one terminal: waits for keys and changes, and draws what is different.
///
/// It holds nothing but what it was given; all that the operator does lives in one call of ``run()``.
public final class ConsoleLoop: Sendable {
    private let backend: any TerminalBackend
    private let source: any ObservatorySource
    private let options: ConsoleOptions
    private let signal: ConsoleSignal

    /// - Parameters:
    ///   - backend: the terminal.
    ///   - source: what it shows.
    ///   - options: how it behaves.
    public init(backend: any TerminalBackend, source: any ObservatorySource, options: ConsoleOptions = ConsoleOptions()) {
        self.backend = backend
        self.source = source
        self.options = options
        signal = ConsoleSignal(wake: backend.waker)
    }

    /// Blocks the calling thread until the console is left; then the terminal is as it was before.
    public func run() -> ConsoleExit {
        let signal = signal
        source.whenChanged { signal.change() }
        defer {
            source.whenChanged(nil)
            backend.close()
        }
        var session = ConsoleSession(backend: backend, source: source, options: options, wake: backend.waker)
        defer { session.end() }
        session.draw()
        while true {
            for event in backend.wait(timeout: session.timeout(hasChange: signal.hasChange)) {
                if let exit = session.take(event) { return exit }
            }
            if signal.isStopped { return .stopped }
            session.collect()
            if session.isDrawingDue(hasChange: signal.hasChange) {
                // Taken before the model is read: a change that comes meanwhile wakes the next wait.
                signal.takeChange()
                session.draw()
            }
        }
    }

    /// Ends ``run()``, from any thread.
    public func stop() { signal.stop() }
}
