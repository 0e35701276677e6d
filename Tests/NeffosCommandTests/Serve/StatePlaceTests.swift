import Foundation
import Testing

@testable import NeffosCommand

@Suite struct StatePlaceTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("neffos-place-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func mode(of path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func `a file that was named is taken, and none is none`() throws {
        #expect(try StatePlace.file(option: "here.roster", port: 80, environment: [:]) == "here.roster")
        #expect(try StatePlace.file(option: "none", port: 80, environment: [:]) == nil)
        #expect(try StatePlace.file(option: nil, port: 0, environment: [:]) == nil)
    }

    @Test func `the usual place is by port, in the runtime folder`() throws {
        try withFolder { folder in
            let file = try StatePlace.file(option: nil, port: 8080, environment: ["XDG_RUNTIME_DIR": folder])
            #expect(file == folder + "/neffos/8080.roster")
            #expect(mode(of: folder + "/neffos") == 0o700)
        }
    }

    @Test func `without a runtime folder it is a folder of the user's own in the temporary one`() throws {
        try withFolder { folder in
            let environment = ["XDG_RUNTIME_DIR": folder + "/missing", "TMPDIR": folder + "/"]
            let file = try StatePlace.file(option: nil, port: 1, environment: environment)
            #expect(file == "\(folder)/neffos-\(getuid())/1.roster")
        }
    }

    @Test func `a folder that is a link, a file or somebody else's is refused`() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder + "/real", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/real")
            try Data().write(to: URL(fileURLWithPath: folder + "/file"))
            for name in ["link", "file"] {
                #expect(throws: CommandFailure.self) {
                    try OwnFolder.make("\(folder)/\(name)", for: "this", user: getuid(), advice: "choose another")
                }
            }
            #expect(throws: CommandFailure.self) {
                try OwnFolder.make("\(folder)/real", for: "this", user: getuid() + 1, advice: "choose another")
            }
        }
    }

    @Test func `a folder of ours that is open to others is closed to them`() throws {
        try withFolder { folder in
            let path = folder + "/open"
            #expect(mkdir(path, 0o755) == 0)
            chmod(path, 0o777)
            try OwnFolder.make(path, for: "this", user: getuid(), advice: "choose another")
            #expect(mode(of: path) == 0o700)
        }
    }
}
