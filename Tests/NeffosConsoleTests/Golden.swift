import Foundation
import Terminal
import Testing

@testable import NeffosConsole

/// Pictures that are kept as text beside the tests. `RECORD_GOLDEN=1` writes them anew; then look at each before it is kept.
enum Golden {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    static let isRecording = ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1"

    static func check(_ frame: Frame, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let file = folder.appending(path: name + ".txt")
        let text = frame.text + "\n"
        if isRecording {
            #expect(throws: Never.self, sourceLocation: sourceLocation) {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            return
        }
        let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        guard text != expected else { return }
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        let different = new.indices.filter { $0 >= old.count || old[$0] != new[$0] }.map { "\($0): \(new[$0])" }
        Issue.record("\(name) is not as kept; it shows\n\(different.joined(separator: "\n"))", sourceLocation: sourceLocation)
    }
}

/// A console with a scene and keys fed in.
struct Console {
    var scene: Scene
    var model: ConsoleModel
    var theme: Theme
    var now: Duration = .seconds(10)

    init(_ scene: Scene, columns: Int = 80, rows: Int = 24, depth: ColorDepth = .indexed256, ascii: Bool = false) {
        self.scene = scene
        theme = Theme(depth: depth, ascii: ascii)
        model = ConsoleModel(size: Size(columns: columns, rows: rows), isASCII: ascii, clock: scene.now)
        model.refresh(from: scene, now: now)
    }

    @discardableResult
    mutating func press(_ keys: Key...) -> [ConsoleEffect] {
        var effects: [ConsoleEffect] = []
        for key in keys { effects += model.update(key, live: scene, now: now) }
        model.refresh(from: scene, now: now)
        return effects
    }

    @discardableResult
    mutating func type(_ text: String) -> [ConsoleEffect] {
        var effects: [ConsoleEffect] = []
        for character in text { effects += press(.character(character)) }
        return effects
    }

    /// Lets time pass, and takes over what the scene has become.
    mutating func pass(_ time: Duration) {
        now += time
        scene.revision += 1
        model.refresh(from: scene, now: now)
    }

    var frame: Frame { ConsoleRenderer.frame(scene, model, theme: theme) }
    var text: String { frame.text }
}
