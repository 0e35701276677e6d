import Foundation
import Testing

/// The fuzzer's corpus, once through what is fuzzed; so that what it found once stays found where there is no fuzzer. One after the other: the
/// HTTP inputs share a server, which counts what each has left behind.
@Suite(.serialized) struct CorpusTests {
    private static let inputs: [(target: FuzzTarget, file: URL)] = FuzzTarget.allCases.flatMap { target in
        let folder = Bundle.module.bundleURL.appending(path: "Corpus/\(target.rawValue)")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.map { (target, $0) }
    }

    @Test(arguments: FuzzTarget.allCases) func `Each target has a corpus`(target: FuzzTarget) {
        #expect(Self.inputs.count { $0.target == target } >= 5)
    }

    @Test(arguments: inputs) func `Each input of the corpus goes through`(target: FuzzTarget, file: URL) throws {
        try target.run(Array(Data(contentsOf: file)))
    }

    @Test(arguments: FuzzTarget.allCases) func `Inputs that are cut short go through`(target: FuzzTarget) throws {
        for (_, file) in Self.inputs where FuzzTarget(rawValue: file.deletingLastPathComponent().lastPathComponent) == target {
            let bytes = try Array(Data(contentsOf: file))
            for count in 0..<min(bytes.count, 200) { try target.run(Array(bytes[..<count])) }
        }
    }
}
