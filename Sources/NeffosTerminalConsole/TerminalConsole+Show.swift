import Foundation
public import NcursesBackend
public import NeffosConsole
public import NeffosFeed
import NeffosObservatory

/// The console for whoever embeds a server.
extension TerminalConsole {
    /// Shows the console over a feed while `serve` runs. Who leaves the console ends `serve` by cancelling it; when `serve` ends, so does the
    /// console. Without a terminal `serve` runs without one.
    ///
    /// ```swift
    /// try await TerminalConsole.show(feed) { try await server.run() }
    /// ```
    ///
    /// - Parameters:
    ///   - feed: the server's; it is started and stopped here.
    ///   - control: where the operator's commands go, as the server's own; nil where nothing is to be steered.
    ///   - logs: what the process logs goes to the console's log pane meanwhile.
    /// - Throws: what `serve` throws.
    public static func show(
        _ feed: EventFeed, control: (any OperatorControl)? = nil, logs: ConsoleLogs? = nil, options: ConsoleOptions = ConsoleOptions(),
        color: ColorWish = .auto, while serve: @escaping @Sendable () async throws -> Void
    ) async throws {
        let sink = ObservatorySink(feed: feed)
        feed.add(sink)
        feed.start()
        let source = SinkSource(sink, control: control)
        let console = try? TerminalConsole(source: source, options: options, color: color)
        if let console {
            logs?.toConsole { source.append($0) }
            console.start()
        } else {
            logs?.toStandardError()
        }
        let result = await run(serve, beside: console, sink)
        await console?.stop()
        logs?.toStandardError()
        await feed.stopped()
        try result.get()
    }

    private static func run(
        _ serve: @escaping @Sendable () async throws -> Void, beside console: TerminalConsole?, _ sink: ObservatorySink
    ) async -> Result<Void, any Error> {
        await withTaskGroup(of: Result<Void, any Error>?.self) { group in
            group.addTask {
                do {
                    try await serve()
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }
            if let console {
                group.addTask {
                    _ = await withTaskCancellationHandler {
                        await console.exit()
                    } onCancel: {
                        Task { await console.stop() }
                    }
                    return nil
                }
            }
            // Time passes for the picture even where nothing happens.
            let clock = Task {
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(1))
                    sink.advance(to: .now())
                }
            }
            defer { clock.cancel() }
            var result: Result<Void, any Error> = .success(())
            for await ended in group {
                // Whichever is first ends the other.
                group.cancelAll()
                if let ended { result = ended }
            }
            // That it was cancelled is what the operator wished.
            if case .failure(is CancellationError) = result { return .success(()) }
            return result
        }
    }
}

extension EventFeed {
    /// Stops the feed: it waits for the disk and for readers, so not on a thread that others need.
    package func stopped() async {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                self.stop()
                continuation.resume()
            }
            thread.start()
        }
    }
}
