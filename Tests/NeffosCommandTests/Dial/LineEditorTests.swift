import Terminal
import Testing

@testable import NeffosCommand

@Suite struct LineEditorTests {
    private func type(_ text: String, into editor: inout LineEditor) {
        for character in text { _ = editor.update(.character(character)) }
    }

    @Test func `keys move, insert and remove`() {
        var editor = LineEditor()
        type("emit hello", into: &editor)
        for key in [Key.home, .delete, .character("E"), .end, .backspace, .control("b"), .character("X")] { _ = editor.update(key) }
        #expect(String(editor.text) == "Emit helXl")
        #expect(editor.update(.enter) == .submitted("Emit helXl"))
        #expect(editor.text.isEmpty)
    }

    @Test func `what was cut out can be put back`() {
        var editor = LineEditor()
        type("ask default echo", into: &editor)
        _ = editor.update(.control("w"))
        #expect(String(editor.text) == "ask default ")
        _ = editor.update(.control("a"))
        _ = editor.update(.control("y"))
        #expect(String(editor.text) == "echoask default ")
        _ = editor.update(.control("k"))
        #expect(String(editor.text) == "echo")
        _ = editor.update(.control("u"))
        #expect(editor.text.isEmpty)
    }

    @Test func `earlier lines come back, and what was begun after them`() {
        var editor = LineEditor()
        for line in ["one", "two", "two"] {
            type(line, into: &editor)
            _ = editor.update(.enter)
        }
        type("dra", into: &editor)
        _ = editor.update(.up)
        #expect(String(editor.text) == "two")
        _ = editor.update(.up)
        #expect(String(editor.text) == "one")
        _ = editor.update(.up)
        #expect(String(editor.text) == "one")
        _ = editor.update(.down)
        _ = editor.update(.down)
        #expect(String(editor.text) == "dra")
    }

    @Test func `Tab completes a command, or lists those that are possible`() {
        var editor = LineEditor(words: ["connect", "join", "leave", "disconnect", "dial"])
        type("c", into: &editor)
        #expect(editor.update(.tab) == .editing)
        #expect(String(editor.text) == "connect ")
        #expect(editor.update(.tab) == .editing)
        _ = editor.update(.control("u"))
        type("di", into: &editor)
        #expect(editor.update(.tab) == .choices(["disconnect", "dial"]))
    }

    @Test func `Control-D ends an empty line only`() {
        var editor = LineEditor()
        type("x", into: &editor)
        _ = editor.update(.home)
        #expect(editor.update(.control("d")) == .editing)
        #expect(editor.update(.control("d")) == .ended)
    }

    @Test func `a long line shows the part around the cursor, and nothing that disturbs a terminal`() {
        var editor = LineEditor()
        type(String(repeating: "a", count: 50) + "end", into: &editor)
        let (text, cursor) = editor.row(prompt: "> ", columns: 20)
        #expect(text.hasPrefix("> ") && text.hasSuffix("end"))
        #expect(TextWidth.of(text) <= 19)
        #expect(cursor == TextWidth.of(text))
        var hostile = LineEditor()
        type("a\u{202E}b", into: &hostile)
        #expect(!hostile.row(prompt: "> ", columns: 40).text.unicodeScalars.contains("\u{202E}"))
    }

    @Test func `bytes become keys, also in pieces`() {
        var bytes = KeyBytes()
        #expect(bytes.take(Array("a\u{1B}[".utf8)) == [.character("a")])
        #expect(bytes.take(Array("A\u{1B}[3~\u{1B}OH".utf8)) == [.up, .delete, .home])
        // Alt with a letter is nothing here.
        #expect(bytes.take(Array("\u{1B}bc".utf8)) == [.character("c")])
        #expect(bytes.take([0xC3]).isEmpty)
        #expect(bytes.take([0xA4, 0x0D, 0x7F, 0x04]) == [.character("ä"), .enter, .backspace, .control("d")])
        #expect(bytes.take([0xFF, 0x61]).isEmpty)
    }
}
