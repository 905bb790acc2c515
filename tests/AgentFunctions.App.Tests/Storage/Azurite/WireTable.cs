using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentFunctions.App.Storage;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.App.Tests.Storage.Azurite;

/// <summary>
/// A table over plain HTTP, after the "Table service REST API": so the stores meet a real table service where Azure's client can't be had. It
/// sends what the app's own adapter asks Azure's client for: the same filters, selections, conditions and transactions.
/// </summary>
internal sealed class WireTable(HttpClient http, Uri endpoint, string account, string key, string name) : ITableClientPort
{
    private static readonly string[] Annotations = ["odata.metadata", "odata.etag"];
    private readonly FirstUse create = new();

    public async Task<TableRow?> GetAsync(string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, PathOf(partitionKey, rowKey), null, null, cancellationToken, HttpStatusCode.NotFound);
        return response.StatusCode == HttpStatusCode.NotFound ? null : Row(await JsonAsync(response, cancellationToken));
    }

    public async Task<string?> WriteAsync(TableRow row, WriteCondition condition, CancellationToken cancellationToken)
    {
        using var response = condition.MustBeNew
            ? await SendAsync(HttpMethod.Post, name, Json(row), null, cancellationToken, HttpStatusCode.Conflict)
            : await SendAsync(HttpMethod.Put, PathOf(row.PartitionKey, row.RowKey), Json(row), condition.ETag, cancellationToken, condition.ETag is null ? [] : [HttpStatusCode.NotFound, HttpStatusCode.PreconditionFailed]);
        return response.IsSuccessStatusCode ? response.Headers.GetValues("ETag").Single() : null;
    }

    public async Task<bool> DeleteAsync(string partitionKey, RowDelete row, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Delete, PathOf(partitionKey, row.RowKey), null, row.ETag ?? "*", cancellationToken, HttpStatusCode.NotFound, HttpStatusCode.PreconditionFailed);
        return response.IsSuccessStatusCode;
    }

    public async Task<bool> TryDeleteBatchAsync(string partitionKey, IReadOnlyList<RowDelete> rows, CancellationToken cancellationToken)
    {
        var body = new StringBuilder("--batch_1\r\nContent-Type: multipart/mixed; boundary=changeset_1\r\n\r\n");
        foreach (var row in rows)
        {
            body.Append("--changeset_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n")
                .Append(CultureInfo.InvariantCulture, $"DELETE {endpoint}/{PathOf(partitionKey, row.RowKey)} HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\nIf-Match: {row.ETag ?? "*"}\r\n\r\n");
        }

        var content = new StringContent(body.Append("--changeset_1--\r\n--batch_1--\r\n").ToString());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/mixed; boundary=batch_1");
        using var response = await SendAsync(HttpMethod.Post, "$batch", content, null, cancellationToken);
        var answers = (await response.Content.ReadAsStringAsync(cancellationToken)).Split('\n').Where(l => l.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)).Select(l => l[9..12]).ToList();
        return answers is ["404" or "412"] ? false
            : answers.Count == rows.Count && answers.All(a => a == "204") ? true
            : throw new HttpRequestException($"A transaction of {rows.Count} rows was answered by {string.Join(", ", answers)}.");
    }

    public async IAsyncEnumerable<TableRow> QueryAsync(TableQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"{name}()?$top={query.PageSize}" + (query.ToFilter() is { } filter ? "&$filter=" + Uri.EscapeDataString(filter) : "") + (query.KeysOnly ? "&$select=PartitionKey,RowKey,Timestamp" : "");
        for (var next = path; next is not null;)
        {
            using var response = await SendAsync(HttpMethod.Get, next, null, null, cancellationToken);
            var page = await JsonAsync(response, cancellationToken);
            foreach (var row in page.GetProperty("value").EnumerateArray()) yield return Row(row);
            next = Header(response, "x-ms-continuation-NextPartitionKey") is { } partition ? $"{path}&NextPartitionKey={Uri.EscapeDataString(partition)}&NextRowKey={Uri.EscapeDataString(Header(response, "x-ms-continuation-NextRowKey") ?? "")}" : null;
        }
    }

    private static string? Header(HttpResponseMessage response, string header) => response.Headers.TryGetValues(header, out var values) ? values.Single() : null;

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response, CancellationToken cancellationToken) => JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken)).RootElement;

    private static StringContent Json(TableRow row)
    {
        var json = new Dictionary<string, object> { ["PartitionKey"] = row.PartitionKey, ["RowKey"] = row.RowKey };
        foreach (var (property, value) in row.Properties)
        {
            (json[property], string? type) = value switch
            {
                byte[] bytes => ((object)Convert.ToBase64String(bytes), "Edm.Binary"),
                long number => (number.ToString(CultureInfo.InvariantCulture), "Edm.Int64"),
                DateTimeOffset time => (time.UtcDateTime.ToString("o", CultureInfo.InvariantCulture), "Edm.DateTime"),
                _ => (value, (string?)null),
            };
            if (type is not null) json[property + "@odata.type"] = type;
        }

        return new StringContent(JsonSerializer.Serialize(json), Encoding.UTF8, "application/json");
    }

    private static TableRow Row(JsonElement json)
    {
        var properties = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject().Where(p => !p.Name.EndsWith("@odata.type", StringComparison.Ordinal) && !Annotations.Contains(p.Name)))
        {
            properties[property.Name] = (json.TryGetProperty(property.Name + "@odata.type", out var type) ? type.GetString() : null) switch
            {
                "Edm.Binary" => property.Value.GetBytesFromBase64(),
                "Edm.Int64" => long.Parse(property.Value.GetString()!, CultureInfo.InvariantCulture),
                "Edm.DateTime" => property.Value.GetDateTimeOffset(),
                _ => property.Value.ValueKind == JsonValueKind.Number ? property.Value.GetInt32() : property.Value.GetString()!,
            };
        }

        return new TableRow(json.GetProperty("PartitionKey").GetString()!, json.GetProperty("RowKey").GetString()!) { Properties = properties, ETag = json.GetProperty("odata.etag").GetString(), Timestamp = json.TryGetProperty("Timestamp", out var written) ? written.GetDateTimeOffset() : null };
    }

    private string PathOf(string partitionKey, string rowKey) => $"{name}(PartitionKey='{Quoted(partitionKey)}',RowKey='{Quoted(rowKey)}')";

    private static string Quoted(string text) => Uri.EscapeDataString(text.Replace("'", "''", StringComparison.Ordinal));

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, string? ifMatch, CancellationToken cancellationToken, params HttpStatusCode[] expected)
    {
        await create.RunAsync(async token => (await SendSignedAsync(HttpMethod.Post, "Tables", new StringContent($$"""{"TableName":"{{name}}"}""", Encoding.UTF8, "application/json"), null, [], token)).Dispose(), cancellationToken);
        return await SendSignedAsync(method, path, content, ifMatch, expected, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendSignedAsync(HttpMethod method, string path, HttpContent? content, string? ifMatch, HttpStatusCode[] expected, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, $"{endpoint}/{path}") { Content = content };
        var date = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes($"{date}\n/{account}{request.RequestUri!.AbsolutePath}")));
        foreach (var (header, value) in new[] { ("x-ms-date", date), ("x-ms-version", "2020-12-06"), ("DataServiceVersion", "3.0"), ("Accept", "application/json;odata=minimalmetadata"), ("Prefer", "return-no-content"), ("Authorization", $"SharedKeyLite {account}:{signature}"), ("If-Match", ifMatch) })
        {
            if (value is not null) request.Headers.TryAddWithoutValidation(header, value);
        }

        var response = await http.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode || expected.Contains(response.StatusCode) ? response
            : throw new HttpRequestException($"{method} {path} was answered by {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}", null, response.StatusCode);
    }
}
