using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Search.Corpora;

/// <summary>Documents that an index is built over.</summary>
internal interface ICorpus
{
    /// <summary>What tells one state of the documents from another, without reading them.</summary>
    /// <exception cref="PermanentFailureException">They are not there, or there are too many.</exception>
    string Version();

    /// <summary>Reads the documents.</summary>
    /// <exception cref="PermanentFailureException">They are not there, too many, too large, or one can't be read.</exception>
    Task<IReadOnlyList<SearchDocument>> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A document, or a passage of one.</summary>
internal sealed record SearchDocument(string Id, string? Title, string Text)
{
    /// <summary>What is searched: the title and the text.</summary>
    public string Whole => string.IsNullOrEmpty(Title) ? Text : $"{Title}\n{Text}";
}
