import Terminal
import Testing

@testable import NeffosConsole

@Suite struct SafetyTests {
    @Test func `Nothing on any screen can act on the terminal, and no row is too long`() {
        for size in GoldenScreenTests.sizes {
            for (name, scene) in GoldenScreenTests.scenes {
                for keys in ["1", "2", "2\r", "4", "4\r", "4p", "l", "2?", "q", "2/\u{1B}"] {
                    for ascii in [false, true] {
                        var console = Console(scene, columns: size.columns, rows: size.rows, ascii: ascii)
                        for key in keys { console.press(key == "\r" ? .enter : .character(key)) }
                        let frame = console.frame
                        #expect(frame.size == size)
                        for row in 0..<size.rows {
                            let line = frame.lineText(row)
                            #expect(TextWidth.of(line, ascii: ascii) <= size.columns, "\(name) \(keys) \(row)")
                            let isSafe = line.unicodeScalars.allSatisfy {
                                $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
                            }
                            #expect(isSafe, "\(name) \(keys) \(row)")
                            if ascii { #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "\(name) \(keys) \(line)") }
                        }
                    }
                }
            }
        }
    }

    @Test func `Without colours there are none`() {
        for screen in ConsoleScreen.allCases {
            var console = Console(.normal, columns: 120, rows: 35, depth: .mono)
            console.type("\(screen.rawValue)")
            let frame = console.frame
            for row in 0..<35 {
                for column in 0..<120 {
                    let style = frame[row, column].style
                    #expect(style.foreground == .standard && style.background == .standard)
                }
            }
        }
    }

    @Test func `Every meaning can be told from plain text at every depth of colour`() {
        for depth in ColorDepth.allCases {
            let theme = Theme(depth: depth, ascii: false)
            for role in [Theme.Role.bad, .warn, .selected, .current, .heading, .key] {
                #expect(theme[role] != .plain, "\(depth) \(role)")
            }
        }
    }

    @Test func `The vital figures never lose what must not be missed`() {
        for columns in 80...220 {
            for (name, scene) in GoldenScreenTests.scenes {
                let line = Console(scene, columns: columns).frame.lineText(1)
                for figure in ["conns ", "ns ", "rooms ", "returned ", "HEAD "] {
                    #expect(line.contains(figure), "\(name) \(columns): \(line)")
                }
                #expect(!line.contains("…"), "\(name) \(columns): \(line)")
            }
        }
    }
}
