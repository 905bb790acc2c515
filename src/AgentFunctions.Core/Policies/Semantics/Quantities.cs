using System.Globalization;

namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>Numbers, units, money and dates in one way of writing each: "two hundred" is 200, "$20" is 20 USD, "5 May" is "May 5th". Pure.</summary>
internal static class Quantities
{
    private static readonly System.Buffers.SearchValues<char> NumberCharacters = System.Buffers.SearchValues.Create("0123456789,.");

    private static readonly Dictionary<string, long> Small = Table("zero 0 one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10 eleven 11 twelve 12 thirteen 13 fourteen 14 fifteen 15 sixteen 16 seventeen 17 eighteen 18 nineteen 19 twenty 20 thirty 30 forty 40 fourty 40 fifty 50 sixty 60 seventy 70 eighty 80 ninety 90");
    private static readonly Dictionary<string, long> Scales = Table("hundred 100 thousand 1000 million 1000000 billion 1000000000 trillion 1000000000000 dozen 12");
    private static readonly Dictionary<string, long> Ordinals = Table("third 3 fourth 4 fifth 5 sixth 6 seventh 7 eighth 8 ninth 9 tenth 10 eleventh 11 twelfth 12 thirteenth 13 fourteenth 14 fifteenth 15 sixteenth 16 seventeenth 17 eighteenth 18 nineteenth 19 twentieth 20 thirtieth 30");

    private static readonly Dictionary<string, string> Units = Groups(
        "km kms kilometer kilometers kilometre kilometres, kg kgs kilo kilos kilogram kilograms kilogramme, gram grams, mg milligram milligrams, ml milliliter milliliters millilitre millilitres, liter liters litre litres, cm centimeter centimeters centimetre centimetres, "
        + "mm millimeter millimeters millimetre millimetres, meter meters metre metres, mile miles mi, foot feet ft, inch inches, lb lbs, oz ounce ounces, hour hours hr hrs, minute minutes mins, second seconds sec secs, ms millisecond milliseconds, day days, week weeks wk wks, "
        + "month months, year years yr yrs, gb gigabyte gigabytes, mb megabyte megabytes, tb terabyte terabytes, kb kilobyte kilobytes, % percent pct, usd dollar dollars buck bucks $, eur euro euros €, gbp quid £, jpy yen ¥, inr rupee rupees ₹, cent cents, pound pounds, am, pm, °c celsius, °f fahrenheit, times");

    private static readonly Dictionary<string, string> Money = Groups("usd $ us$, eur € euro euros, gbp £, jpy ¥, inr ₹");

    private static readonly Dictionary<string, string> Months = Groups("january jan, february feb, march, april apr, may ^may, june jun, july jul, august ^august aug, september sep sept, october oct, november nov, december dec");

    public static List<Word> Apply(List<Word> words)
    {
        var output = new List<Word>(words.Count);
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (!word.Fixed && Number(words, i) is { } number)
            {
                Put(output, "#" + number.Value.ToString(CultureInfo.InvariantCulture), word.Starts);
                i += number.Count - 1;
            }
            else if (!word.Fixed && Ordinals.TryGetValue(word.Text, out var ordinal)) Put(output, $"#{ordinal}th", word.Starts);
            else if (!word.Fixed && word.Text is "twice")
            {
                Put(output, "#2", word.Starts);
                Put(output, "times", starts: false);
            }
            else if (word.Text.AsSpan().ContainsAnyInRange('0', '9')) Digits(output, word);
            else if (Money.TryGetValue(word.Text, out var money)) Put(output, money, word.Starts);
            else if (output.Count > 0 && IsNumber(output[^1].Text) && !word.Starts && Units.TryGetValue(word.Text, out var unit)) Put(output, unit, starts: false);
            else output.Add(word);
        }

        return Dates(output);
    }

    /// <summary>Whether this is a number or a currency.</summary>
    public static bool IsQuantity(string text) => text.AsSpan().ContainsAnyInRange('0', '9') || Money.ContainsKey(text);

    public static bool IsNumber(string text) => text.Length > 1 && text[0] == '#' && char.IsAsciiDigit(text[1]);

    /// <summary>A number in words from here on, and how many words it has.</summary>
    private static (long Value, int Count)? Number(List<Word> words, int at)
    {
        long total = 0, part = 0;
        var count = 0;
        var scaled = false;
        for (var i = at; i < words.Count && (i == at || !words[i].Starts) && !words[i].Fixed && total < 1_000_000_000_000_000; i++)
        {
            var text = words[i].Text;
            if (Small.TryGetValue(text, out var small) && (part % 100 == 0 || (part % 10 == 0 && part % 100 >= 20 && small is > 0 and < 10)) && (count == 0 || part != 0 || scaled)) (part, scaled) = (part + small, false);
            else if (Scales.TryGetValue(text, out var scale) && (part > 0 || count == 0 || scale > 100))
            {
                part = Math.Max(1, part) * scale;
                if (scale >= 1000) (total, part) = (total + part, 0);
                scaled = true;
            }
            else if (text == "and" && scaled && i + 1 < words.Count && Small.ContainsKey(words[i + 1].Text)) continue;
            else break;
            count = i - at + 1;
        }

        return count == 0 || words[at].Text == "and" ? null : (total + part, count);
    }

    /// <summary>A piece with digits: a number with what is written onto it, or else a code that is taken as it is.</summary>
    private static void Digits(List<Word> output, Word word)
    {
        if (word.Fixed)
        {
            output.Add(word);
            return;
        }

        var text = word.Text.AsSpan();
        string? money = null;
        foreach (var sign in (ReadOnlySpan<string>)["us$", "$", "£", "€", "¥", "₹"])
        {
            if (!text.StartsWith(sign, StringComparison.Ordinal)) continue;
            money = Money[sign];
            text = text[sign.Length..];
            break;
        }

        var length = text.IndexOfAnyExcept(NumberCharacters);
        var digits = length < 0 ? text : text[..length];
        var rest = text[digits.Length..];
        if (Plain(digits, money is not null) is not { } number)
        {
            output.Add(word with { Fixed = true });
            return;
        }

        if (rest.StartsWith(":00", StringComparison.Ordinal) && rest[3..] is "am" or "pm") rest = rest[3..];
        if (rest is "k" && !number.Contains('.', StringComparison.Ordinal))
        {
            number += "000";
            rest = default;
        }

        if (rest is "st" or "nd" or "rd" or "th")
        {
            if (number is "1" or "2") Put(output, number == "1" ? "first" : "second", word.Starts);
            else Put(output, $"#{number}th", word.Starts);
            return;
        }

        if (rest.IsEmpty)
        {
            // "USD 20" is "20 USD".
            if (money is null && output.Count > 0 && !word.Starts && output[^1].Text is "usd" or "eur" or "gbp" or "jpy" or "inr" && output is [.., var before])
            {
                output.RemoveAt(output.Count - 1);
                (money, word) = (before.Text, word with { Starts = before.Starts });
            }

            Put(output, "#" + number, word.Starts);
        }
        else if (rest is "x")
        {
            Put(output, "#" + number, word.Starts);
            Put(output, "times", starts: false);
        }
        else if (Units.TryGetValue(rest.ToString(), out var unit))
        {
            Put(output, "#" + number, word.Starts);
            Put(output, unit, starts: false);
        }
        else
        {
            output.Add(word with { Fixed = true });
            return;
        }

        if (money is not null) Put(output, money, starts: false);
    }

    /// <summary>1,000 is 1000; 20.00 is 20; what is no plain number (1.2.3, 007) is null.</summary>
    private static string? Plain(ReadOnlySpan<char> digits, bool money)
    {
        if (digits.IsEmpty || !char.IsAsciiDigit(digits[^1])) return null;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..];
        if (fraction.IndexOfAny('.', ',') >= 0 || (point >= 0 && fraction.IsEmpty)) return null;
        if (whole.Contains(','))
        {
            for (var i = 0; i < whole.Length; i++)
            {
                if ((whole[^(i + 1)] == ',') != (i % 4 == 3)) return null;
            }

            if (whole[0] == ',') return null;
        }

        var plain = whole.ToString().Replace(",", "", StringComparison.Ordinal);
        if (plain.Length == 0) plain = "0";
        if (plain.Length > 1 && plain[0] == '0') return null;
        return fraction.IsEmpty || fraction is "00" || (money && fraction.IndexOfAnyExcept('0') < 0) ? plain : $"{plain}.{fraction}";
    }

    /// <summary>The month goes before the day.</summary>
    private static List<Word> Dates(List<Word> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (!Months.TryGetValue(words[i].Text, out var month)) continue;
            var before = i > 0 && Day(words[i - 1].Text) is { } day ? (day, i - 1) : i > 1 && words[i - 1].Text == "of" && Day(words[i - 2].Text) is { } day2 ? (day2, i - 2) : default;
            if (before.Item1 is not null)
            {
                var starts = words[before.Item2].Starts;
                words.RemoveRange(before.Item2, i - before.Item2 + 1);
                words.InsertRange(before.Item2, [new Word("@" + month, "@" + month, WordForm.Base, starts, Fixed: true), Word.Plain(before.Item1, starts: false) with { Fixed = true }]);
                i = before.Item2 + 1;
            }
            else if (i + 1 < words.Count && !words[i + 1].Starts && Day(words[i + 1].Text) is { } after)
            {
                words[i] = new Word("@" + month, "@" + month, WordForm.Base, words[i].Starts, Fixed: true);
                words[i + 1] = Word.Plain(after, starts: false) with { Fixed = true };
            }
            else if (words[i].Text is not ("may" or "march" or "^march"))
            {
                words[i] = words[i] with { Text = month.TrimStart('^'), Lemma = month };
            }
        }

        return words;
    }

    private static string? Day(string text)
    {
        var day = text switch
        {
            "first" => "1",
            "second" => "2",
            _ when IsNumber(text) => text.EndsWith("th", StringComparison.Ordinal) ? text[1..^2] : text[1..],
            _ => null,
        };
        return day is not null && int.TryParse(day, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 31 ? "#" + day : null;
    }

    private static void Put(List<Word> output, string text, bool starts) => output.Add(new Word(text, text, WordForm.Base, starts, Fixed: true));

    private static Dictionary<string, long> Table(string text)
    {
        var parts = text.Split(' ');
        return Enumerable.Range(0, parts.Length / 2).ToDictionary(i => parts[i * 2], i => long.Parse(parts[(i * 2) + 1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    private static Dictionary<string, string> Groups(string text)
    {
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in text.Split(','))
        {
            var words = group.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var word in words) groups[word] = words[0];
        }

        return groups;
    }
}
