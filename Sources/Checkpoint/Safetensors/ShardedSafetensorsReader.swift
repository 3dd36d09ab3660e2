internal import JSON

/// A reader of checkpoints that consist of several safetensors files and a `model.safetensors.index.json`.
package enum ShardedSafetensorsReader {
    /// An entry of the index: a tensor and the file that contains it.
    private struct Location {
        var tensor: String
        var shard: String
    }

    /// Opens the tensors listed in the index at `indexPath`. The shards must be in the same directory. Only headers are
    /// read.
    package static func read(indexPath: String) throws(CheckpointError) -> TensorStore {
        let index = try MappedFile(path: indexPath)
        func invalid(_ problems: [CheckpointProblem]) -> CheckpointError {
            .invalid(path: indexPath, format: .shardedSafetensors, problems: problems)
        }
        guard index.count <= SafetensorsReader.headerLimit else {
            throw invalid([
                CheckpointProblem("expected at most \(SafetensorsReader.headerLimit) bytes, found \(index.count)")
            ])
        }
        var problems: [CheckpointProblem] = []
        let locations: [Location]
        do throws(CheckpointProblem) {
            locations = try parse(index.bytes(in: 0..<index.count), duplicates: &problems)
        } catch {
            throw invalid([error])
        }

        let directory = FileName.split(indexPath).directory
        var stores: [String: TensorStore] = [:]
        var tried: Set<String> = []
        var tensors: [StoredTensor] = []
        var metadata: [String: String] = [:]
        for location in locations {
            if tried.insert(location.shard).inserted {
                do throws(CheckpointError) {
                    let store = try open(location.shard, in: directory)
                    stores[location.shard] = store
                    metadata.merge(store.metadata) { first, _ in first }
                } catch {
                    problems += self.problems(of: error, shard: location.shard)
                }
            }
            // A shard that could not be opened has already been reported.
            guard let store = stores[location.shard] else { continue }
            if let tensor = store[location.tensor] {
                tensors.append(tensor)
            } else {
                problems.append(
                    CheckpointProblem(
                        "the index lists the tensor in this file, but the file does not contain it",
                        file: location.shard, tensor: location.tensor))
            }
        }
        guard problems.isEmpty else { throw invalid(problems) }
        return TensorStore(path: indexPath, format: .shardedSafetensors, tensors: tensors, metadata: metadata)
    }

    private static func open(_ shard: String, in directory: String) throws(CheckpointError) -> TensorStore {
        guard FileName.isPlain(shard) else { throw .forbiddenName(name: shard, directory: directory) }
        return try SafetensorsReader.read(MappedFile(path: FileName.join(directory, shard)))
    }

    private static func problems(of error: CheckpointError, shard: String) -> [CheckpointProblem] {
        guard case .invalid(_, _, let problems) = error else {
            return [CheckpointProblem(error.description, file: shard)]
        }
        return problems.map { problem in
            var problem = problem
            problem.file = shard
            return problem
        }
    }

    private static func parse(
        _ bytes: [UInt8], duplicates: inout [CheckpointProblem]
    ) throws(CheckpointProblem) -> [Location] {
        var json = JSONReader(bytes)
        var locations: [Location]?
        var repeated: [CheckpointProblem] = []
        do throws(JSONSyntaxError) {
            try json.object { (json, key) throws(JSONSyntaxError) in
                guard key == "weight_map" else { return try json.skipValue() }
                guard locations == nil else { throw json.fault("\"weight_map\" appears more than once") }
                var map: [Location] = []
                var seen: Set<JSONKey> = []
                try json.object { (json, name) throws(JSONSyntaxError) in
                    if !seen.insert(name).inserted {
                        repeated.append(CheckpointProblem("appears more than once in the index", tensor: name.text))
                    }
                    map.append(Location(tensor: name.text, shard: try json.string()))
                }
                locations = map
            }
            try json.end()
        } catch {
            throw CheckpointProblem(error.reason, position: error.position)
        }
        guard let locations else { throw CheckpointProblem("expected a \"weight_map\", found none") }
        duplicates += repeated
        return locations
    }
}
