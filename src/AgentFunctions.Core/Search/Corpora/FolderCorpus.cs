using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools.Search;

namespace AgentFunctions.Core.Search.Corpora;

/// <summary>The passages of a folder's text files. A passage's ID is its file and line: <c>guide/setup.md#L12</c>.</summary>
/// <param name="folder">The folder.</param>
/// <param name="maxFiles">The most files that it may have.</param>
/// <param name="maxFileBytes">Larger files are left out.</param>
/// <param name="limits">How much it may hold.</param>
internal sealed class FolderCorpus(string folder, int maxFiles, int maxFileBytes, CorpusLimits limits) : ICorpus
{
    private readonly TextFiles files = new(folder, maxFiles, maxFileBytes, $"Search:Sources:{limits.Source}:MaxFiles");

    public string Version()
    {
        if (!Directory.Exists(folder)) throw new PermanentFailureException($"The folder '{folder}' of the search source '{limits.Source}' is not there. Put it back, or change Search:Sources:{limits.Source}:Folder.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in files.Paths())
        {
            var file = new FileInfo(path);
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{path}\0{(file.Exists ? file.Length : -1)} {file.LastWriteTimeUtc.Ticks}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async Task<IReadOnlyList<SearchDocument>> ReadAsync(CancellationToken cancellationToken)
    {
        var documents = new List<SearchDocument>();
        var bytes = 0L;
        foreach (var path in files.Paths())
        {
            if (await files.ReadAsync(path, cancellationToken) is not { } text) continue;
            bytes += Encoding.UTF8.GetByteCount(text);
            var (name, line) = (files.NameOf(path), 0);
            foreach (var passage in PassageBounds.Of(text))
            {
                // A long line has several passages, which must not have one ID.
                var id = string.Create(CultureInfo.InvariantCulture, $"{name}#L{passage.Line}{(passage.Line == line ? $"C{passage.Start}" : "")}");
                documents.Add(new SearchDocument(id, name, text[passage.Start..passage.End]));
                line = passage.Line;
            }

            limits.Check(documents.Count, bytes);
        }

        return documents;
    }
}
