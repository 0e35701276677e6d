import Foundation
import NeffosObservatory
import Terminal
import Testing

@testable import NeffosConsole

@Suite struct ColumnTests {
    private func console(_ columns: Int = 200) -> Console {
        var console = Console(.steered, columns: columns, rows: 30)
        console.type("2")
        return console
    }

    private func header(_ console: Console) -> String { console.frame.lineText(3) }

    @Test func `Columns are left out, put elsewhere and brought back`() {
        var console = console()
        #expect(header(console).contains("tries"))
        console.type("c")
        while true {
            guard case .columns(let chooser) = console.model.dialog, chooser.field != .tries else { break }
            console.press(.down)
        }
        console.type(" ")
        console.press(.escape)
        #expect(!header(console).contains("tries"))
        console.type("c")
        console.type(">")
        #expect(console.press(.enter) == [.remember])
        #expect(console.model.connections.columns.prefix(2) == [.key, .state])
        console.type("cd")
        console.press(.enter)
        #expect(console.model.connections.columns == ConnectionField.standard)
    }

    @Test func `The last column stays`() {
        var chooser = ColumnChooser(shown: [.key])
        chooser.toggle()
        #expect(chooser.columns == [.key])
        chooser.move(by: 1)
        chooser.toggle()
        #expect(chooser.columns == [.key, .state])
    }

    @Test func `The chooser sorts by any column, and again the other way`() {
        var console = console()
        console.type("c")
        console.press(.down, .down, .down, .down)
        console.type("s")
        #expect(console.model.connections.sort == .age)
        #expect(console.model.connections.descending)
        console.type("s")
        #expect(!console.model.connections.descending)
    }

    @Test func `Every column of the model can be shown and sorted by`() {
        let sorts = ConnectionField.allCases.compactMap(\.sort)
        #expect(Set(sorts) == Set(ConnectionColumn.allCases))
        #expect(sorts.count == ConnectionColumn.allCases.count)
        for field in ConnectionField.allCases { #expect(ConnectionField(rawValue: field.rawValue) == field) }
    }

    @Test func `Sorting goes back and forth among the columns that are shown`() {
        var console = console()
        console.model.connections.columns = [.key, .memberships, .age, .queue]
        console.type(">")
        #expect(console.model.connections.sort == .age)
        console.type(">>")
        #expect(console.model.connections.sort == .key)
        console.type("<")
        #expect(console.model.connections.sort == .queue)
    }

    @Test func `What is not known is empty and nothing is a dot`() {
        var console = console()
        console.model.connections.columns = [.key, .queue, .roundTrip]
        console.scene.rows[0].figures = nil
        var lines = console.text.split(separator: "\n")
        #expect(lines.contains("▸alice-0"))
        #expect(lines.contains { $0.hasPrefix(" alice-10") && $0.contains("·") && $0.contains("2ms") })
        console.press(.end)
        lines = console.text.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix(" till-4") && $0.contains("3.2M") })
    }

    @Test func `The choice is kept in a file, which keeps what it does not know`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "neffos-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "deep/console.json")
        let preferences = ConsolePreferences(path: file.path)
        #expect(preferences.columns == nil)
        #expect(preferences.keep(columns: [.key, .queue]) == nil)
        #expect(preferences.columns == [.key, .queue])
        let text = #"{"later": {"a": [1]}, "connections": {"columns": ["age", "unheard of", 7, "age", "key"], "b": true}}"#
        try text.write(to: file, atomically: true, encoding: .utf8)
        #expect(preferences.columns == [.age, .key])
        #expect(preferences.keep(columns: [.id]) == nil)
        let kept = try String(contentsOf: file, encoding: .utf8)
        #expect(kept.contains("later") && kept.contains("\"b\"") && kept.contains("\"id\""))
    }

    @Test(arguments: ["", "{", "[]", "null", #"{"connections": 1}"#, #"{"connections": {"columns": []}}"#, "\u{0}\u{1}"])
    func `A file that makes no sense is as none`(content: String) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "neffos-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try content.write(to: file, atomically: true, encoding: .utf8)
        let preferences = ConsolePreferences(path: file.path)
        #expect(preferences.columns == nil)
        #expect(preferences.keep(columns: [.id]) == nil)
        #expect(preferences.columns == [.id])
    }

    @Test func `A place that cannot be written is told and is no error`() {
        #expect(ConsolePreferences(path: "/proc/none/console.json").keep(columns: [.id])?.contains("cannot be written") == true)
        #expect(ConsolePreferences(path: nil).keep(columns: [.id]) == nil)
    }

    @Test func `The usual place is in the directory for state`() {
        #expect(ConsoleOptions.usualStateFile(environment: ["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/neffos/console.json")
        #expect(ConsoleOptions.usualStateFile(environment: ["XDG_STATE_HOME": "s", "HOME": "/h"]) == "/h/.local/state/neffos/console.json")
        #expect(ConsoleOptions.usualStateFile(environment: [:]) == nil)
    }
}
