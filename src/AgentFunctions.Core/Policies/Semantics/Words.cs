using System.Globalization;

namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>
/// Splits a question into words. Punctuation around words goes; what is inside of one stays where it may mean something (c#, 5.5, node.js, a@b.c), so that such pieces are
/// compared as they are. Quoted words are fixed: "the" in quotes is no article. Pure.
/// </summary>
internal ref struct Words
{
    private const string Leading = "([{\"'*_~`,;:!?¡¿";
    private const string Trailing = ".,;:!?)]}\"'*_~`";

    /// <summary>What is a name or an abbreviation when it has a capital within a sentence, and another word else.</summary>
    private static readonly HashSet<string> AmbiguousAcronyms = new(StringComparer.Ordinal) { "us", "it", "who", "or", "me", "am", "as", "is", "has", "so", "ai", "can", "in", "a" };
    private static readonly HashSet<string> AmbiguousNames = new(StringComparer.Ordinal) { "may", "will", "march", "mark", "polish", "august" };

    private readonly List<Word> words = [];
    private readonly bool capitalsTell;
    private bool starts = true;
    private bool sentence = true;
    private char quote = '\0';

    private Words(string text) => capitalsTell = CapitalsTell(text);

    public static List<Word> Of(string plain)
    {
        var reader = new Words(plain);
        for (var i = 0; i < plain.Length;)
        {
            if (plain[i] == ' ')
            {
                i++;
                continue;
            }

            var end = plain.IndexOf(' ', i);
            if (end < 0) end = plain.Length;
            reader.Chunk(plain.AsSpan(i, end - i), plain.AsSpan(end));
            i = end;
        }

        return reader.words;
    }

    /// <summary>Not where everything, or nearly each word, has them.</summary>
    private static bool CapitalsTell(string text)
    {
        int capital = 0, small = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsLetter(text[i]) || (i > 0 && text[i - 1] != ' ')) continue;
            if (char.IsUpper(text[i])) capital++;
            else small++;
        }

        return small > 0 && small >= capital;
    }

    private void Chunk(ReadOnlySpan<char> chunk, ReadOnlySpan<char> rest)
    {
        while (chunk.Length > 0 && (Leading.Contains(chunk[0]) || (chunk[0] == '.' && (chunk.Length == 1 || chunk[1] == '.'))))
        {
            if (chunk[0] is '"' or '`') quote = quote == chunk[0] ? '\0' : chunk[0];
            else if (chunk[0] == '\'' && quote == '\0' && Closes(chunk[1..], rest)) quote = '\'';
            else if (chunk[0] is not ('*' or '_' or '~' or '\'')) starts = true;
            chunk = chunk[1..];
        }

        var body = chunk;
        var quoted = quote != '\0';
        bool clause = false, ends = false;
        while (body.Length > 0 && Trailing.Contains(body[^1]))
        {
            var last = body[^1];
            if (last == quote) quote = '\0';
            else if (last == '"' && body.Length > 1 && char.IsAsciiDigit(body[^2])) break;
            clause |= last is '.' or ',' or ';' or ':' or '!' or '?' or ')';
            ends |= last is '.' or '!' or '?';
            body = body[..^1];
        }

        if (body.Length > 0 && body.IndexOfAnyExcept('-') < 0)
        {
            body = default;
            clause = true;
        }

        if (body.Length > 0) Pieces(body, quoted);
        starts |= clause;
        sentence |= ends;
    }

    private static bool Closes(ReadOnlySpan<char> chunk, ReadOnlySpan<char> rest)
    {
        for (var seen = 0; seen < 6; seen++)
        {
            var trimmed = chunk.TrimEnd(".,;:!?)");
            if (trimmed.Length > 1 && trimmed[^1] == '\'') return true;
            rest = rest.TrimStart(' ');
            var end = rest.IndexOf(' ');
            if (rest.IsEmpty) return false;
            chunk = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[end..];
        }

        return false;
    }

    private void Pieces(ReadOnlySpan<char> body, bool quoted)
    {
        if (quoted)
        {
            Add(body, isFixed: true);
            return;
        }

        if (Initials(body) is { } initials)
        {
            Put(initials);
            return;
        }

        for (var i = 1; i < body.Length - 1; i++)
        {
            if (!Splits(body, i)) continue;
            Pieces(body[..i], quoted);
            if (body[i] is not ('-' or '/'))
            {
                starts = true;
                sentence |= body[i] is '.' or '!' or '?';
            }

            var after = body[(i + 1)..].TrimStart(".,;:!?-/");
            if (after.Length > 0) Pieces(after, quoted);
            return;
        }

        for (var i = 1; i < body.Length; i++)
        {
            if (IsPicture(body[i - 1]) == IsPicture(body[i])) continue;
            Pieces(body[..i], quoted);
            Pieces(body[i..], quoted);
            return;
        }

        Add(body, isFixed: false);
    }

    /// <summary>Whether a mark inside of a chunk parts two words.</summary>
    private static bool Splits(ReadOnlySpan<char> body, int i)
    {
        var before = body[..i];
        var after = body[(i + 1)..];
        return body[i] switch
        {
            '-' => (AllLetters(before) && AllLetters(after[..(after.IndexOf('-') is >= 0 and var next ? next : after.Length)])) || (AllDigits(before) && AllLetters(after) && after.Length > 2),
            '/' => AllLetters(before) && AllLetters(after) && before.Length > 1 && after.Length > 1,
            ',' or ';' or '!' or '?' or ')' or '(' => AllLetters(before) && char.IsLetter(after[0]),
            '.' => AllLetters(before) && ((after.Length > 1 && after[0] == '.') || (before.Length > 1 && char.IsUpper(after[0]) && AllLetters(after) && char.IsLower(before[^1]))),
            _ => false,
        };
    }

    /// <summary>U.S. is USA, p.m. is pm.</summary>
    private static string? Initials(ReadOnlySpan<char> body)
    {
        if (body.Length is < 3 or > 8) return null;
        Span<char> letters = stackalloc char[8];
        var count = 0;
        for (var i = 0; i < body.Length; i++)
        {
            if (i % 2 == 0 ? !char.IsAsciiLetter(body[i]) : body[i] != '.') return null;
            if (i % 2 == 0) letters[count++] = char.ToLowerInvariant(body[i]);
        }

        return letters[..count] is "us" ? "usa" : letters[..count].ToString();
    }

    private void Add(ReadOnlySpan<char> body, bool isFixed)
    {
        if (body[0] == '-' && body.Length > 1 && char.IsLetter(body[1])) body = body[1..];
        var lower = PlainText.Lower(body.ToString());
        if (isFixed) Put("\"" + lower, isFixed: true);
        else if (lower == "&") Put("and");
        else if (IsHiddenName(body, lower)) Put(lower == "us" ? "usa" : "^" + lower, lower != "us");
        else Put(lower, !AllLetters(body) && !body.Contains('\'') && body.IndexOfAnyInRange('0', '9') < 0);
    }

    private readonly bool IsHiddenName(ReadOnlySpan<char> body, string lower) => capitalsTell && !(sentence && lower != "us") && char.IsUpper(body[0])
        && ((body.IndexOfAnyInRange('a', 'z') < 0 && AmbiguousAcronyms.Contains(lower)) || AmbiguousNames.Contains(lower));

    private void Put(string text, bool isFixed = false)
    {
        words.Add(new Word(text, text, WordForm.Base, starts, isFixed));
        starts = sentence = false;
    }

    private static bool AllLetters(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsLetter(character) && character != '\'') return false;
        }

        return text.Length > 0;
    }

    private static bool AllDigits(ReadOnlySpan<char> text) => text.Length > 0 && text.IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool IsPicture(char character) => char.IsSurrogate(character) || char.GetUnicodeCategory(character) == UnicodeCategory.OtherSymbol && character != '°';
}
