import NIOCore
import NeffosSession
import NeffosWire

/// How a client ends: by its own will, or because there is no way back.
extension Reconnector {
    /// - Returns: when the connection is gone.
    func close(_ code: CloseCode, reason: String) async {
        await withCheckedContinuation { continuation in
            loop.execute {
                self.state.value.closing.append(continuation)
                self.beginClose(code, reason: reason)
            }
        }
    }

    private func beginClose(_ code: CloseCode, reason: String) {
        switch state.value.phase {
        case .closing: return
        case .ended: return resumeClosers()
        case .connecting:
            let waiting = state.value.connecting
            state.value.connecting = nil
            waiting?.resume(.failure(ClientError.ended))
        case .idle, .running: break
        }
        _ = state.value.machine.handle(.stop)
        state.value.phase = .closing
        giveUpWork()
        if let connection = state.value.connection {
            connection.close(code, reason: reason)
        } else {
            end(.requested)
        }
    }

    func end(_ reason: ClientState.Reason) {
        guard state.value.phase != .ended else { return }
        state.value.phase = .ended
        giveUpWork()
        endWatches()
        status.publish(.closed(reason))
        failWaiting()
        resumeClosers()
    }

    private func resumeClosers() {
        let waiting = state.value.closing
        state.value.closing = []
        for continuation in waiting { continuation.resume() }
    }
}
