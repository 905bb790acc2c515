using System.Buffers;
using System.Text.Json;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Local.CommandLine.Input;

/// <summary>Makes the input of a MapReduce from files.</summary>
internal static class DocumentReader
{
    /// <summary>An input with one document a file: its path as the ID, its text.</summary>
    /// <param name="patterns">Glob patterns; a file that several match is read once.</param>
    /// <param name="task">What to do with the documents.</param>
    /// <param name="folder">The folder that relative patterns start from.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="UsageException">A pattern matches nothing, or a file is no text that can be read.</exception>
    public static async Task<JsonElement> ReadAsync(IReadOnlyList<string> patterns, string task, string folder, CancellationToken cancellationToken)
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pattern in patterns)
        {
            var found = FileGlob.Find(pattern, folder);
            if (found.Count == 0)
            {
                throw new UsageException($"No file matches '{pattern}' in {folder}. Check the pattern; in a shell, put it in quotes.");
            }

            files.AddRange(found.Where(file => seen.Add(Path.GetFullPath(file, folder))));
        }

        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("task", task);
            json.WriteStartArray("documents");
            foreach (var file in files)
            {
                json.WriteStartObject();
                json.WriteString("id", file);
                json.WriteString("text", await InputFile.ReadTextAsync(Path.GetFullPath(file, folder), cancellationToken));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return DurableJson.Parse(buffer.WrittenMemory);
    }
}
