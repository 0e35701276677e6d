import NIOCore
import NeffosSession

/// Where a client is, all of it over its returns.
extension Client {
    /// The namespaces it is in, or, while it is away, that it comes back to; in the order of connecting.
    public var namespaces: [String] {
        get async { await reconnector.membership().map(\.namespace) }
    }

    /// The rooms of a namespace it is in, or, while it is away, that it comes back to; in the order of joining.
    public func rooms(in namespace: String) async -> [String] {
        await reconnector.membership().first { $0.namespace == namespace }?.rooms ?? []
    }

    /// Whether it is in `namespace`, or, while it is away, comes back to it.
    public func isConnected(to namespace: String) async -> Bool { await namespaces.contains(namespace) }

    /// A namespace, connected or not.
    public func namespace(_ name: String) -> ClientNamespace { ClientNamespace(client: self, namespace: name) }

    /// Waits until it is in a namespace, whoever asked for it: the server, another task, or the way back. A drop does not end the wait, and
    /// where the client is not connected yet, that is waited for too.
    ///
    /// - Parameters:
    ///   - namespace: one that the handlers declare.
    ///   - deadline: how long that may take; nil: as long as ``ClientConfiguration/answerWithin`` says.
    /// - Returns: the namespace, valid over all returns of this client.
    /// - Throws: ``NeffosError``: `bad namespace` where the handlers do not declare it, `write closed` where the client ends before, or
    ///   `timeout`; `CancellationError`.
    @discardableResult
    public func waitForConnect(to namespace: String, within deadline: Duration? = nil) async throws -> ClientNamespace {
        guard reconnector.endpoint.rules.declaredNamespaces.contains(namespace) else { throw NeffosError(.badNamespace) }
        let end = NIODeadline.now() + TimeAmount(deadline ?? answerWithin)
        var last: Connection?
        while true {
            let connection = try await reconnector.connection(after: last, by: end)
            do {
                _ = try await connection.waitForConnect(to: namespace, within: Duration(end - .now()))
                reconnector.status.cameBack(to: namespace)
                return ClientNamespace(client: self, namespace: namespace)
            } catch let error as NeffosError where error.code == .writeClosed {
                last = connection
            }
        }
    }

    /// Leaves all namespaces, one after the other, for good.
    ///
    /// - Throws: what the first that could not be left threw; the others are left all the same. See ``disconnect(from:within:)``.
    public func disconnectAll(within deadline: Duration? = nil) async throws {
        var failure: (any Error)?
        for namespace in await namespaces {
            do { try await disconnect(from: namespace, within: deadline) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }
}
