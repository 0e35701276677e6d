import Neffos

/// Tells when files have changed and come to rest: one that was just written may be half of what it will be. Pure: what the files look like is
/// passed in.
struct SettledFiles {
    /// What was taken over last.
    private var taken: [FileStatus?]
    private var last: [FileStatus?]
    /// Whether the files were the same at the last two looks.
    private(set) var areAtRest = true

    init(_ marks: [FileStatus?]) {
        taken = marks
        last = marks
    }

    /// - Returns: Whether the files are other ones than those taken over, and the same as at the last look.
    mutating func look(_ marks: [FileStatus?]) -> Bool {
        areAtRest = marks == last
        last = marks
        guard areAtRest, marks != taken else { return false }
        taken = marks
        return true
    }

    /// They are taken over as they are now, by whoever did not wait for that.
    mutating func take(_ marks: [FileStatus?]) {
        taken = marks
        last = marks
    }
}
