import Foundation

/// What the operating system said, in its own few words.
enum SystemProblem {
    /// `No such file or directory`, where the error has a number of the system's; else its description.
    static func text(of error: any Error) -> String {
        let error = error as NSError
        if let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError, inner.domain == NSPOSIXErrorDomain {
            return text(of: Int32(inner.code))
        }
        if error.domain == NSPOSIXErrorDomain { return text(of: Int32(error.code)) }
        // Foundation has no word of its own for a folder that is read as a file.
        var isFolder: ObjCBool = false
        if let path = error.userInfo[NSFilePathErrorKey] as? String, FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            isFolder.boolValue
        {
            return text(of: EISDIR)
        }
        switch CocoaError.Code(rawValue: error.code) {
        case .fileReadNoSuchFile, .fileNoSuchFile: return text(of: ENOENT)
        case .fileReadNoPermission, .fileWriteNoPermission: return text(of: EACCES)
        default: return error.localizedDescription
        }
    }

    static func text(of code: Int32) -> String { String(cString: strerror(code)) }
}
