using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;
using ModelContextProtocol.Protocol;

namespace AgentFunctions.Core.Tools.Mcp;

/// <summary>What a tool of an MCP server answered, as JSON: its structured content; else a single text as string; else a list of blocks, with the bytes of images and such in the content store.</summary>
internal static class McpResults
{
    private const int LongestError = 4000;

    /// <summary>Reads an answer.</summary>
    /// <exception cref="ToolFailedException">The server says that the tool failed.</exception>
    public static async ValueTask<JsonElement?> ReadAsync(string tool, CallToolResult result, IContentStore store, CancellationToken cancellationToken)
    {
        if (result.IsError == true) throw new ToolFailedException(tool, $"The tool '{tool}' failed: {ErrorOf(result)}");
        if (result.StructuredContent is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } structured) return structured.Clone();
        if (result.Content is not { Count: > 0 } blocks) return null;
        if (blocks is [TextContentBlock only]) return JsonSerializer.SerializeToElement(only.Text, McpJsonContext.Default.String);
        var parts = new List<McpPart>(blocks.Count);
        foreach (var block in blocks) parts.Add(await PartAsync(block, store, cancellationToken));
        return JsonSerializer.SerializeToElement(parts, McpJsonContext.Default.ListMcpPart);
    }

    /// <summary>Whether bytes of the answer go to the content store, so that what is read holds addresses.</summary>
    public static bool HoldsBytes(CallToolResult result) =>
        result.Content?.Any(block => block is ImageContentBlock or AudioContentBlock or EmbeddedResourceBlock { Resource: BlobResourceContents }) == true;

    private static async ValueTask<McpPart> PartAsync(ContentBlock block, IContentStore store, CancellationToken cancellationToken) => block switch
    {
        TextContentBlock text => new McpPart(text.Type) { Text = text.Text },
        ImageContentBlock image => new McpPart(image.Type) { MimeType = image.MimeType, Content = await store.PutAsync(image.DecodedData, cancellationToken) },
        AudioContentBlock audio => new McpPart(audio.Type) { MimeType = audio.MimeType, Content = await store.PutAsync(audio.DecodedData, cancellationToken) },
        EmbeddedResourceBlock { Resource: TextResourceContents text } embedded => new McpPart(embedded.Type) { Uri = text.Uri, MimeType = text.MimeType, Text = text.Text },
        EmbeddedResourceBlock { Resource: BlobResourceContents blob } embedded => new McpPart(embedded.Type) { Uri = blob.Uri, MimeType = blob.MimeType, Content = await store.PutAsync(blob.DecodedData, cancellationToken) },
        ResourceLinkBlock link => new McpPart(link.Type) { Uri = link.Uri, MimeType = link.MimeType, Text = link.Description ?? link.Name },
        _ => new McpPart(block.Type) { Text = $"A block of type '{block.Type}', which is not read." },
    };

    private static string ErrorOf(CallToolResult result)
    {
        var said = string.Join(" ", (result.Content ?? []).OfType<TextContentBlock>().Select(block => block.Text));
        if (said.Length == 0) said = result.StructuredContent?.GetRawText() ?? "It does not say how.";
        return said.Shortened(LongestError);
    }
}

/// <summary>A block of an answer.</summary>
/// <param name="Type">text, image, audio, resource or resource_link.</param>
internal sealed record McpPart(string Type)
{
    /// <summary>The text; of a link, what is behind it.</summary>
    public string? Text { get; init; }

    /// <summary>The media type.</summary>
    public string? MimeType { get; init; }

    /// <summary>The resource's address.</summary>
    public string? Uri { get; init; }

    /// <summary>Where the bytes are.</summary>
    public ContentRef? Content { get; init; }
}
