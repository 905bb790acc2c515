namespace AgentFunctions.Core.Tools.Http;

/// <summary>What <c>http-get</c> answers.</summary>
public sealed record WebText
{
    /// <summary>Where the text came from, after redirects.</summary>
    public required string Url { get; init; }

    /// <summary>The HTTP status, 200 to 299.</summary>
    public required int Status { get; init; }

    /// <summary>The media type, where the server said it.</summary>
    public string? ContentType { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }
}
