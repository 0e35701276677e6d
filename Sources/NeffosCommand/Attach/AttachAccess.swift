import ArgumentParser
import Foundation
import Neffos
import NeffosAdmin

/// What it takes to come in at an admin address.
struct AttachAccess: ParsableArguments {
    @Option(
        help: ArgumentHelp("A file with the token of the admin address (default: the variable NEFFOS_ADMIN_TOKEN).", valueName: "file"),
        completion: .file())
    var tokenFile: String?
    @Option(
        name: .customLong("ca"),
        help: ArgumentHelp("A PEM file of certificates to trust in place of the system's; may be repeated.", valueName: "file"),
        completion: .file())
    var certificates: [String] = []

    /// - Throws: ``CommandFailure`` where the file cannot be read, or has no token.
    func token(environment: [String: String]) throws(CommandFailure) -> String? {
        let variable = environment["NEFFOS_ADMIN_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        let source = tokenFile.map { SecretSource.file($0) } ?? variable.map { SecretSource($0) }
        guard let source else { return nil }
        do {
            let tokens = try source.tokens(environment: environment)
            guard tokens.count == 1, let token = tokens.first else {
                throw ValueError("it has more than one token", advice: "leave one of them")
            }
            return token.value
        } catch let error as ValueError {
            throw CommandFailure(
                .configuration, "\(tokenFile == nil ? "NEFFOS_ADMIN_TOKEN" : "--token-file"): \(error.problem); \(error.advice)")
        } catch {
            throw CommandFailure(.configuration, "--token-file: \(error)")
        }
    }

    /// - Parameter owner: of the socket; nil if unknown.
    static func whoMay(_ owner: String?) -> String {
        let others = owner == "root" ? "" : ", or as root"
        return "attach as \(owner.map { "\($0), whose it is" } ?? "the user whose it is")\(others)"
    }

    /// Why a server cannot be attached to, in one line.
    static func failure(_ error: any Error, at target: AttachTarget, hasToken: Bool) -> CommandFailure {
        let name = target.name
        switch error {
        case let failure as CommandFailure: return failure
        case ClientError.invalidURL(let text):
            return CommandFailure(.usage, "\(name): \(text); write a socket's path, ws://HOST:PORT or wss://HOST:PORT")
        case ClientError.invalidTrust(let text): return CommandFailure(.configuration, "--ca: \(text); give it a PEM file of certificates")
        case ClientError.unreachable(SystemProblem.text(of: EACCES)) where target.socketPath != nil:
            return CommandFailure(.unavailable, "\(name): no permission for this socket; \(whoMay(target.socketOwner))")
        case ClientError.upgradeRefused(401, _):
            let advice = "give the server's with --token-file FILE, or in NEFFOS_ADMIN_TOKEN"
            return CommandFailure(.unavailable, "\(name): \(hasToken ? "the token is wrong" : "the server wants a token"); \(advice)")
        case ClientError.upgradeRefused(503, _):
            return CommandFailure(.unavailable, "\(name): as many consoles are attached as the server takes; close one")
        case ClientError.upgradeRefused(let status, _):
            return CommandFailure(.unavailable, "\(name): it answers, but has no feed there (\(status)); give the server's admin address")
        case let error as NeffosError where error.code == .badNamespace:
            return CommandFailure(.unavailable, "\(name): \(FeedClient.sentence(error))")
        case let error as NeffosError where error.code != .other:
            let words = ProtocolWords(error, of: .connect, lost: "check that the server runs")
            return CommandFailure(.unavailable, "\(name): cannot attach: \(words?.text ?? "\(error)")")
        default:
            let advice = ReachAdvice.text("\(error)", url: target.url, trust: "--ca")
            return CommandFailure(.unavailable, "\(name): cannot attach: \(error); \(advice)")
        }
    }
}
