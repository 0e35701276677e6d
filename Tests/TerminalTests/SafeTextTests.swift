import Terminal
import Testing

@Suite struct SafeTextTests {
    /// Planes 4 to 13 have no characters; two of each plane stand for them and for private use.
    static let allScalars = (Array(UInt32(0)...0x3_23AF) + (4...16).flatMap { [$0 << 16, $0 << 16 | 0xFFFF] } + Array(0xE0000...0xE01FF))
        .compactMap(Unicode.Scalar.init)

    private func acts(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .enclosingMark: true
        default: scalar.properties.isBidiControl || scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    @Test func `No scalar that could act on a terminal survives, and a second pass changes none`() {
        var bad: [UInt32] = []
        for scalar in Self.allScalars {
            var text = "a"
            text.unicodeScalars.append(scalar)
            let once = SafeText.escaped(text)
            if once != text, once.unicodeScalars.contains(where: acts) { bad.append(scalar.value) }
            if once == text, acts(scalar) || !once.unicodeScalars.elementsEqual(text.unicodeScalars) { bad.append(scalar.value) }
            // What became ASCII stays as it is by the next test; looking at it a million times would only take long.
            if !once.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }), SafeText.escaped(once) != once { bad.append(scalar.value) }
        }
        #expect(bad.isEmpty)
    }

    @Test func `A second pass changes nothing in random text, cut or not`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<3000 {
            let text = generator.text(Int.random(in: 0...40, using: &generator))
            let maximum = Bool.random(using: &generator) ? Int.random(in: 0...30, using: &generator) : nil
            for ascii in [false, true] {
                let once = SafeText.escaped(text, maximum: maximum, ascii: ascii)
                #expect(SafeText.escaped(once, maximum: maximum, ascii: ascii) == once)
                #expect(Array(SafeText.escaped(once, ascii: ascii).unicodeScalars) == Array(once.unicodeScalars))
                #expect(TextWidth.of(once, ascii: ascii) <= maximum ?? .max)
                #expect(!once.unicodeScalars.contains(where: acts))
                if ascii { #expect(once.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }) }
            }
        }
    }

    @Test(arguments: [
        ("plain text", "plain text"), ("", ""), ("\u{1B}[31mred", "␛[31mred"), ("a\nb\tc\0", "a␊b␉c␀"), ("\r\n", "␍␊"),
        ("\u{7F}", "␡"), ("\u{9B}31m", "\\u{9B}31m"), ("abc\u{202E}def", "abc\\u{202E}def"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
        ("a\u{200B}b", "a\\u{200B}b"), ("\u{FEFF}", "\\u{FEFF}"), ("\u{2028}", "\\u{2028}"), ("\u{E000}", "\\u{E000}"),
        ("e\u{301}", "e\u{301}"), ("\u{301}e", "\\u{301}e"), (" \u{301}", " \\u{301}"),
        ("👨\u{200D}👩", "👨\\u{200D}👩"), ("❤\u{FE0F}", "❤\\u{FE0F}"), ("🇩🇪", "\\u{1F1E9}\\u{1F1EA}"), ("漢字", "漢字"), ("Zoë", "Zoë"),
        ("a\u{300}\u{301}\u{302}\u{303}", "a\u{300}\u{301}\\u{302}\\u{303}"), ("\u{A0}", "\\u{A0}"), ("\u{10FFFF}", "\\u{10FFFF}"),
        ("back\\slash", "back\\slash"),
    ])
    func `What cannot be shown is made visible`(text: String, expected: String) {
        #expect(Array(SafeText.escaped(text).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("漢字漢", 6, "漢字漢"), ("漢字漢", 5, "漢字…"),
        ("漢字漢", 4, "漢…"), ("ab\n", 2, "a…"),
    ])
    func `A text too long is cut at a character and says so`(text: String, maximum: Int, expected: String) {
        #expect(SafeText.escaped(text, maximum: maximum) == expected)
    }

    @Test func `In ASCII everything else is escaped`() {
        #expect(SafeText.escaped("é\u{1B}x", ascii: true) == "\\u{E9}\\u{1B}x")
        #expect(SafeText.escaped("abcdef", maximum: 3, ascii: true) == "ab~")
    }
}
