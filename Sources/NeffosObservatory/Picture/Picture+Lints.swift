import DequeModule
import NeffosFeed

private let never = FeedTime(milliseconds: 0)

extension LintSettings {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.set(&warn)
        try coder.set(&allow)
        // By what the lints here know: a threshold of another version means nothing.
        for lint in LintCatalogue.all {
            for threshold in lint.thresholds {
                var value = self[lint.id, threshold.name]
                try coder.int(&value)
                if coder.isReading, value != threshold.value { self[lint.id, threshold.name] = value }
            }
        }
    }
}

extension LintBook {
    mutating func code(_ coder: inout PictureCoder) throws {
        try settings.code(&coder)
        try coder.table(&shelves, most: LintCatalogue.all.count, "", Shelf()) {
            try $0.text(&$1)
            try $0.int(&$2.total)
            try $0.int(&$2.beyond)
            try $0.table(&$2.raised, most: LintBook.mostSubjects, "", Raised(detail: "", remedy: "", since: never, last: never)) {
                try $0.text(&$1)
                try $0.text(&$2.detail)
                try $0.text(&$2.remedy)
                try $0.time(&$2.since)
                try $0.time(&$2.last)
                try $0.int(&$2.count)
            }
        }
    }
}

extension AcknowledgementWatch {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.list(&waiting, most: AcknowledgementWatch.capacity, Waiting(name: .uuid(0, 0), since: never)) {
            try $0.name(&$1.name)
            try $0.time(&$1.since)
        }
        try coder.bool(&hasSeenAny)
    }
}

extension ConsumerWatch {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.table(&since, most: ConsumerWatch.capacity, .uuid(0, 0), never) {
            try $0.name(&$1)
            try $0.time(&$2)
        }
    }
}

extension FlapWatch {
    mutating func code(_ coder: inout PictureCoder) throws {
        try coder.table(&counted, most: 64, NameDigest(high: 0, low: 0), Counted(present: 0, at: never)) {
            try $1.code(&$0)
            try $0.int(&$2.present)
            try $0.time(&$2.at)
        }
    }
}
