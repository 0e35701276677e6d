extension [Incident.MissingClient] {
    /// By key, those without one last, and by id, in natural order: as they were lost is another order each time.
    package var byName: Self {
        map { client in
            var client = client
            client.ids.sort(by: NaturalOrder.precedes)
            return client
        }.sorted { left, right in
            NaturalOrder.compare(left.key, right.key) ?? left.ids.lexicographicallyPrecedes(right.ids, by: NaturalOrder.precedes)
        }
    }
}
