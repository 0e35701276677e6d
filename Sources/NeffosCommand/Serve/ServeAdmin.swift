import Foundation
import Logging
import Neffos
import NeffosAdmin
import NeffosFeed
import NeffosObservatory

/// The admin address of a serving process.
extension ServeRun {
    /// Starts it, once the server listens and before the feed hands out anything.
    ///
    /// - Returns: nil where none is wanted, or where the usual place is of no use: that is told in the log, and serving goes on.
    /// - Throws: ``CommandFailure`` where an address that was asked for cannot be had.
    func makeAdmin(
        of server: Server, feed: EventFeed, model: ObservatorySink, logs: CommandLogs, logger: Logger
    ) async throws(CommandFailure) -> AdminServer? {
        do throws(CommandFailure) {
            guard var configuration = try adminConfiguration(of: server) else { return nil }
            configuration.version = CommandVersion.text
            configuration.isReadOnly = options.readOnly
            let admin: AdminServer
            do {
                admin = try AdminServer(configuration, of: server, feed: feed, model: model, control: server, logger: logger)
            } catch {
                throw CommandFailure(.configuration, "\(error)")
            }
            do { try await admin.start() } catch { throw ListenProblem.failure(error, admin: configuration.address) }
            logger.info("the admin address", metadata: ["url": "\(admin.url)"])
            return admin
        } catch {
            if settings.admin.listen == nil {
                for line in error.lines { logger.warning("no console can attach: \(line)") }
                return nil
            }
            await server.shutdown(grace: .zero)
            logs.toStandardError(from: .warning)
            throw error
        }
    }

    private func adminConfiguration(of server: Server) throws(CommandFailure) -> AdminConfiguration? {
        let tls = settings.admin.tls.map { ServerConfiguration.TLSFiles(certificate: $0.certificate, key: $0.key) }
        switch settings.admin.listen {
        case .some(.none): return nil
        case .socket(let path):
            let whole = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
            return AdminConfiguration(address: .socket(path: whole), token: settings.admin.token?.value)
        case .tcp(let address):
            return AdminConfiguration(
                address: .tcp(host: address.host, port: address.port), token: settings.admin.token?.value, tls: tls)
        case nil:
            // The port that it has got, so that servers whose port the system picked can be found too.
            guard let port = URL(string: server.url)?.port else { return nil }
            return AdminConfiguration(
                address: .socket(path: try AdminSocket.path(port: port, environment: environment)), token: settings.admin.token?.value)
        }
    }
}
