import NIOCore

extension NIOSynchronousChannelOptions {
    /// Bounds a connection's outbox; 0: no bound. One that holds its bound is full: a connection asks whether its channel is writable.
    func boundOutbox(_ bytes: Int) throws {
        guard bytes > 0 else { return }
        let mark = ChannelOptions.Types.WriteBufferWaterMark(low: max(1, bytes - 1), high: max(1, bytes - 1))
        try setOption(.writeBufferWaterMark, value: mark)
    }
}
