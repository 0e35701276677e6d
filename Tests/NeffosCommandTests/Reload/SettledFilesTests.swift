import Foundation
import Neffos
import Testing

@testable import NeffosCommand

@Suite struct SettledFilesTests {
    @Test func `files are taken once they have changed and come to rest`() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let file = folder.file("f")
        func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: file)) }
        func expectLook(_ isTaken: Bool, _ files: inout SettledFiles, _ place: SourceLocation = #_sourceLocation) {
            let answer = files.look([FileStatus(file)])
            #expect(answer == isTaken, sourceLocation: place)
        }
        try write("one")
        var files = SettledFiles([FileStatus(file)])
        expectLook(false, &files)
        try write("half")
        expectLook(false, &files)
        try write("half and half")
        expectLook(false, &files)
        #expect(!files.areAtRest)
        expectLook(true, &files)
        #expect(files.areAtRest)
        expectLook(false, &files)
        // As editors do: another file in its place.
        try Data("half and half".utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
        expectLook(false, &files)
        expectLook(true, &files)
        try FileManager.default.removeItem(atPath: file)
        expectLook(false, &files)
        expectLook(true, &files)
        expectLook(false, &files)
    }

    @Test func `what was taken otherwise is not taken again`() {
        var files = SettledFiles([FileStatus("/dev/null")])
        files.take([nil])
        let answers = [files.look([nil]), files.look([FileStatus("/dev/null")]), files.look([FileStatus("/dev/null")])]
        #expect(answers == [false, false, true])
    }
}
