using System.Globalization;
using AgentFunctions.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Requests;

/// <summary>
/// The query of a request, read strictly: an unknown parameter, one that is given twice and one that can't be read are refused by name, so that
/// a slip of the pen is never taken for the default.
/// </summary>
internal sealed class QueryValues
{
    private readonly IQueryCollection query;

    public QueryValues(HttpRequest request, ApiOptions options, params IReadOnlyList<string> known)
    {
        query = request.Query;
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                if (options.IgnoredQueryParameters.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    continue;
                }

                throw ProblemException.Parameter(Shown.Of(name), "is unknown here", known.Count == 0 ? "This route takes no query parameters; leave it out." : $"This route knows {string.Join(", ", known)}; correct its name or leave it out.");
            }

            if (values.Count > 1)
            {
                throw ProblemException.Parameter(name, $"is given {values.Count} times", "Give it once.");
            }
        }
    }

    /// <summary>The text, or null where the parameter is absent.</summary>
    public string? Text(string name, int longest)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        var text = values.ToString();
        return text.Length switch
        {
            0 => throw ProblemException.Parameter(name, "is empty", "Give it a value or leave it out."),
            _ when text.Length > longest => throw ProblemException.Parameter(name, $"has {text.Length} characters", $"Send at most {longest}."),
            _ => text,
        };
    }

    public bool Flag(string name, bool absent) => Text(name, 100) switch
    {
        null => absent,
        "true" => true,
        "false" => false,
        var other => throw ProblemException.Parameter(name, $"is '{Shown.Of(other)}'", "Write true or false."),
    };

    public int Number(string name, int least, int most, int absent)
    {
        if (Text(name, 100) is not { } text)
        {
            return absent;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw ProblemException.Parameter(name, $"is '{Shown.Of(text)}'", $"Write a whole number from {least} to {most}.");
    }

    /// <summary>One of the enumeration's names, without regard to case.</summary>
    public T Choice<T>(string name, T absent)
        where T : struct, Enum => Text(name, 100) is { } text ? ChoiceOf<T>(name, text) : absent;

    /// <summary>Some of the enumeration's names, with commas between them.</summary>
    public IReadOnlyList<T> Choices<T>(string name)
        where T : struct, Enum =>
        Text(name, 1000) is { } text ? [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part => ChoiceOf<T>(name, part)).Distinct()] : [];

    public DateTimeOffset? Time(string name)
    {
        if (Text(name, 100) is not { } text)
        {
            return null;
        }

        return Rfc3339.TryParse(text, out var value)
            ? value
            : throw ProblemException.Parameter(name, $"is '{Shown.Of(text)}'", "Write an RFC 3339 time with its offset, such as 2026-01-31T12:00:00Z; a + in a query is written %2B.");
    }

    /// <summary>A duration from zero to a limit.</summary>
    public TimeSpan? Duration(string name, TimeSpan most)
    {
        if (Text(name, 100) is not { } text)
        {
            return null;
        }

        if (!WaitTime.TryParse(text, out var value))
        {
            throw ProblemException.Parameter(name, $"is '{Shown.Of(text)}'", "Write a duration such as 500ms, 30s, 2m or 00:00:30.");
        }

        return value <= most ? value : throw ProblemException.Parameter(name, $"is '{Shown.Of(text)}'", $"Wait at most {most.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s, and ask for the status after that.");
    }

    private static T ChoiceOf<T>(string name, string text)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw ProblemException.Parameter(name, $"has the value '{Shown.Of(text)}'", $"There are: {string.Join(", ", Enum.GetNames<T>())}.");
    }
}
