/// Writes a page for man(7).
struct Roff {
    private(set) var text: String

    /// - Parameter about: what the page is of: its name, and the version.
    init(name: String, section: Int, about: String) {
        text = ".TH \(name.uppercased()) \(section) \"\" \"\(Self.escaped(about))\" \"User Commands\"\n.ad l\n.nh\n"
    }

    mutating func section(_ title: String) { text += ".SH \"\(Self.escaped(title))\"\n" }
    mutating func subsection(_ title: String) { text += ".SS \"\(Self.escaped(title))\"\n" }

    /// Each line that begins with blanks stays a line.
    mutating func paragraph(_ words: String) {
        text += ".PP\n"
        for line in words.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                text += ".PP\n"
            } else {
                text += line.hasPrefix(" ") ? ".br\n\(Self.escaped(String(line)))\n" : Self.escaped(String(line)) + "\n"
            }
        }
    }

    /// What something is called, and below it, set in, what it is.
    ///
    /// - Parameter term: bold words and plain ones in turn.
    mutating func entry(_ term: [Word], _ words: String) {
        text += ".TP\n" + term.map(\.text).joined() + "\n" + Self.escaped(words) + "\n"
    }

    /// Written as it is, for a terminal.
    mutating func example(_ lines: String) {
        text += ".PP\n.nf\n.RS 4\n" + lines.split(separator: "\n").map { Self.escaped(String($0)) }.joined(separator: "\n") + "\n.RE\n.fi\n"
    }

    enum Word {
        case bold(String)
        case italic(String)
        case plain(String)

        var text: String {
            switch self {
            case .bold(let word): "\\fB\(Roff.inner(word))\\fR"
            case .italic(let word): "\\fI\(Roff.inner(word))\\fR"
            case .plain(let word): Roff.inner(word)
            }
        }
    }

    /// A line's text, whatever it begins with.
    private static func escaped(_ line: String) -> String {
        let text = inner(line)
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }

    private static func inner(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "\"": result += "\\(dq"
            case "'": result += "\\(aq"
            default: result.append(character)
            }
        }
        return result
    }
}
