import Glibc
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import NeffosFeed
import Synchronization

/// A server's certificate and key, from files that may change while it runs: who is connected keeps what it began with, who comes gets what
/// was read last. Files that cannot be used change nothing.
final class TLSSource: Sendable {
    private struct State {
        var files: ServerConfiguration.TLSFiles
        var context: NIOSSLContext?
        /// What the files looked like when they were read last, whatever came of it.
        var seen: [FileStatus?] = []
        /// Told of a certificate that is not valid now.
        var logger: Logger?
    }

    private let state: Mutex<State>
    private let watch = Mutex<Task<Void, Never>?>(nil)

    init(_ files: ServerConfiguration.TLSFiles) { state = Mutex(State(files: files)) }

    private var files: ServerConfiguration.TLSFiles { state.withLock { $0.files } }

    /// nil before the files were read.
    var context: NIOSSLContext? { state.withLock { $0.context } }

    /// Sets who is told, at each reading, of a certificate that clients will not take.
    func warn(_ logger: Logger) { state.withLock { $0.logger = logger } }

    /// Reads the files.
    ///
    /// - Throws: what is wrong with them; what was read before stays.
    func load() async throws {
        try await NIOThreadPool.singleton.runIfActive { [self] in try read(files) }
    }

    /// Reads other files, and looks at those from now on.
    ///
    /// - Throws: what is wrong with them; then the files are the ones of before.
    func load(_ files: ServerConfiguration.TLSFiles) async throws {
        try await NIOThreadPool.singleton.runIfActive { [self] in
            try read(files)
            state.withLock { $0.files = files }
        }
    }

    /// Reads the files if they have changed since they were last read.
    ///
    /// - Returns: whether they have.
    func reloadIfChanged() async throws -> Bool {
        try await NIOThreadPool.singleton.runIfActive { [self] in
            let files = files
            guard Self.marks(of: files) != state.withLock({ $0.seen }) else { return false }
            try read(files)
            return true
        }
    }

    private static func marks(of files: ServerConfiguration.TLSFiles) -> [FileStatus?] {
        [FileStatus(files.certificate), FileStatus(files.key)]
    }

    private func read(_ files: ServerConfiguration.TLSFiles) throws {
        // Before they are read: what changes meanwhile is seen the next time.
        let marks = Self.marks(of: files)
        state.withLock { $0.seen = marks }
        let (context, chain) = try TLSContext.server(certificate: files.certificate, key: files.key)
        let logger = state.withLock { state in
            state.context = context
            return state.logger
        }
        let now = FeedTime.now()
        // Served it is all the same: a clock may be wrong, and some clients do not look.
        if let fault = chain.lazy.compactMap({ CertificateTerm($0).fault(at: now) }).first {
            logger?.warning(
                "the certificate \(fault): clients will not take it, renew it or check the clock",
                metadata: ["file": "\(files.certificate)"])
        }
    }

    // MARK: Watching

    /// Looks at the files from time to time, and says in the log what comes of a change.
    func startWatching(logger: Logger) {
        let every = files.reloadEvery
        guard every > .zero else { return }
        watch.withLock { task in
            guard task == nil else { return }
            task = Task { [self] in
                while !Task.isCancelled {
                    try? await Task.sleep(for: every)
                    if Task.isCancelled { return }
                    await look(logger: logger)
                }
            }
        }
    }

    func look(logger: Logger) async {
        do {
            if try await reloadIfChanged() { logger.info("the certificate was read again", metadata: ["file": "\(files.certificate)"]) }
        } catch {
            logger.error(
                "the certificate could not be read again, the old one stays",
                metadata: ["file": "\(files.certificate)", "error": "\(error)"])
        }
    }

    func stopWatching() async {
        let running = watch.withLock { task in
            defer { task = nil }
            return task
        }
        running?.cancel()
        await running?.value
    }

}
