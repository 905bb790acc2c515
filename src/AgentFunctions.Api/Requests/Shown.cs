namespace AgentFunctions.Api.Requests;

/// <summary>A caller's value as an error message repeats it: short, on one line, without control characters.</summary>
internal static class Shown
{
    private const int Longest = 80;

    public static string Of(string value)
    {
        var shortened = value.Length <= Longest ? value : string.Concat(value.AsSpan(0, Longest), "…");
        return string.Create(shortened.Length, shortened, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(text[i]) || char.IsSurrogate(text[i]) ? '\uFFFD' : text[i];
            }
        });
    }
}
