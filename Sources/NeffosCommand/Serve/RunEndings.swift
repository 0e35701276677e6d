import Foundation
import Logging
import NeffosConsole
import NeffosTerminalConsole

/// Waits for whatever ends a run first.
struct RunEndings {
    let options: ServeCommand
    let endings: AsyncStream<ServeEnding>
    let ends: AsyncStream<ServeEnding>.Continuation

    func first(console: TerminalConsole?, signals: SignalWatch?, watch: RunWatch, upkeep: ServeUpkeep, logs: CommandLogs) async
        -> ServeEnding
    {
        for (time, ending) in [(options.duration, ServeEnding.duration), (options.timeout, .timeout)] {
            guard let time else { continue }
            Task {
                try? await Task.sleep(for: time.duration)
                ends.yield(ending)
            }
        }
        watch.whenReached { ends.yield(.until) }
        if let console {
            Task {
                switch await console.exit() {
                case .quit, .stopped: ends.yield(.quit)
                case .signal(let number): ends.yield(.signal(number))
                case .hangup:
                    guard let signals, options.keepServing else {
                        ends.yield(.hangup)
                        return
                    }
                    logs.toStandardError()
                    tellOfLostTerminal(logs.makeLogger())
                    await follow(signals, upkeep: upkeep)
                }
            }
        } else if let signals {
            Task { await follow(signals, upkeep: upkeep) }
        }
        for await ending in endings { return ending }
        return .quit
    }

    private func tellOfLostTerminal(_ logger: Logger) { logger.notice("the terminal is gone; serving goes on without a console") }

    /// The first signal ends the run, the second one the process.
    private func follow(_ watch: SignalWatch, upkeep: ServeUpkeep) async {
        var isStopping = false
        for await number in watch.signals {
            if number == SIGHUP {
                await upkeep.hangup()
            } else if isStopping {
                _exit(128 + number)
            } else {
                isStopping = true
                ends.yield(.signal(number))
            }
        }
    }

    /// Where the console had the signals they are ours from its end on.
    static func leaveAtNextSignal() -> Task<Void, Never> {
        let watch = SignalWatch([SIGINT, SIGTERM])
        return Task { for await number in watch.signals { _exit(128 + number) } }
    }
}
