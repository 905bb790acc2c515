using System.Globalization;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Search.Corpora;

/// <summary>How much a corpus may hold; it is kept in memory.</summary>
internal sealed record CorpusLimits(int MaxDocuments, long MaxBytes, string Source)
{
    /// <summary>Refuses what is too much.</summary>
    /// <exception cref="PermanentFailureException">It is.</exception>
    public void Check(int documents, long bytes)
    {
        if (documents > MaxDocuments) throw new PermanentFailureException(string.Create(CultureInfo.InvariantCulture, $"The search source '{Source}' has more than {MaxDocuments} documents or passages. Raise Search:Sources:{Source}:MaxDocuments, or split the source."));
        if (bytes > MaxBytes) throw new PermanentFailureException(string.Create(CultureInfo.InvariantCulture, $"The search source '{Source}' has more than {MaxBytes} bytes of text. Raise Search:Sources:{Source}:MaxBytes, or split the source."));
    }
}
