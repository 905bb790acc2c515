using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentFunctions.Core.Search.Mapped;

/// <summary>Puts a query into a template. Pure.</summary>
internal static class SearchTemplate
{
    private const string Query = "{query}";
    private const string Top = "{top}";

    /// <summary>What is wrong with an URL template, or null where nothing is.</summary>
    public static string? UrlFault(string? url)
    {
        if (string.IsNullOrWhiteSpace(url) || url.Length > 2000) return $"The URL has {url?.Length ?? 0} characters. Give an http or https URL of at most 2,000.";
        var at = url.IndexOf(Query, StringComparison.Ordinal);
        if (at < 0) return $"The URL '{url}' has no {{query}}. Put it where the query goes.";
        if (!Uri.TryCreate(Filled(url, "q", 1), UriKind.Absolute, out var filled) || (filled.Scheme != Uri.UriSchemeHttp && filled.Scheme != Uri.UriSchemeHttps)) return $"The URL '{url}' is no http or https URL.";

        // A query in the host would choose the server, whatever list allows it.
        var authority = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var path = url.AsSpan(authority).IndexOfAny('/', '?', '#');
        return path < 0 || url.AsSpan(0, authority + path).Contains('{') ? $"The URL '{url}' has {{query}} or {{top}} in its host. Put them into the path or the query string." : null;
    }

    /// <summary>The URL with the query in it, percent-encoded.</summary>
    public static string Url(string template, string query, int top) => Filled(template, Uri.EscapeDataString(query), top);

    /// <summary>The arguments with the query in their texts.</summary>
    public static JsonElement Arguments(JsonElement template, string query, int top) => JsonSerializer.SerializeToElement(Node(template, query, top), SearchJsonContext.Default.JsonNode);

    private static JsonNode? Node(JsonElement value, string query, int top) => value.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, Node(property.Value, query, top)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(item => Node(item, query, top))]),
        JsonValueKind.String when value.ValueEquals(Top) => JsonValue.Create(top),
        JsonValueKind.String => JsonValue.Create(Filled(value.GetString()!, query, top)),
        _ => JsonNode.Parse(value.GetRawText()),
    };

    // In one pass, so that a query that contains {top} stays as it is.
    private static string Filled(string template, string query, int top) =>
        string.Join(query, template.Split(Query).Select(part => part.Replace(Top, top.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));
}
