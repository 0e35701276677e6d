import Foundation
import NIOCore

/// The body of an event as it is written: a text, or `@FILE`.
enum DialBody {
    /// More than a message of any server of ours holds by default, and not so much that it could not be in memory.
    static let mostBytes = 64 << 20

    /// - Returns: the body, and whether it has to travel in a binary frame.
    static func read(_ text: String) throws(ValueError) -> (body: ByteBuffer, isBinary: Bool) {
        guard text.hasPrefix("@") else { return (ByteBuffer(string: text), false) }
        if text.hasPrefix("@@") { return (ByteBuffer(string: String(text.dropFirst())), false) }
        let path = String(text.dropFirst())
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            let data = try handle.read(upToCount: mostBytes + 1) ?? Data()
            guard data.count <= mostBytes else {
                throw ValueError(
                    "\(path) is too long for a message", advice: "choose a file of at most \(ByteCount(bytes: mostBytes).text)")
            }
            return (ByteBuffer(bytes: data), String(validating: data, as: UTF8.self) == nil)
        } catch let error as ValueError {
            throw error
        } catch {
            throw ValueError(
                "\(path): cannot read the body: \(SystemProblem.text(of: error))", advice: "check the file, or write @@ for an @")
        }
    }
}
