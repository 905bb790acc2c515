using System.Text;
using System.Text.Json;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Local.Tests.Http;

public sealed class RequestParsingProperties
{
    [Fact]
    public void WaitTime_WholeNumbersWithUnits_ReadAsWritten() => Prop.ForAll(Gen.Choose(0, 999_999_999).ToArbitrary(), n =>
        Parsed($"{n}ms") == TimeSpan.FromMilliseconds(n) && Parsed($"{n}s") == TimeSpan.FromSeconds(n) && Parsed($"{n}m") == TimeSpan.FromMinutes(n) && Parsed($"{n}") is null).QuickCheckThrowOnFailure();

    [Fact]
    public void Rfc3339_RoundTripFormat_ReadsAsTheSameInstant() => Prop.ForAll(ArbMap.Default.ArbFor<DateTimeOffset>(), time =>
        Rfc3339.TryParse(time.ToString("O"), out var read) && read == time).QuickCheckThrowOnFailure();

    [Fact]
    public void StrictJson_AnyBytes_AreJsonOrAProblemAndNothingElse() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        IsJsonOrProblem(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void StrictJson_ValidJsonWithOneByteChanged_IsJsonOrAProblemAndNothingElse()
    {
        var valid = Encoding.UTF8.GetBytes("""{"a":[1,-2.5e10,"x\n\ud83d\ude00é"],"b":{"c":null,"d":true}}""");
        Prop.ForAll(Gen.Choose(0, valid.Length - 1).SelectMany(at => Gen.Choose(0, 255).Select(value => (at, value))).ToArbitrary(), change =>
        {
            var bytes = (byte[])valid.Clone();
            bytes[change.at] = (byte)change.value;
            return IsJsonOrProblem(bytes);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void IdempotencyKey_DifferentKeys_HaveDifferentInstanceIds() => Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyString>(), ArbMap.Default.ArbFor<NonEmptyString>(), (a, b) =>
        (a.Get == b.Get) == (IdempotencyKey.ToInstanceId(a.Get) == IdempotencyKey.ToInstanceId(b.Get))).QuickCheckThrowOnFailure();

    [Fact]
    public void Shown_AnyText_IsShortAndOnOneLine() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        Shown.Of(text.Get) is { Length: <= 81 } shown && !shown.Any(char.IsControl)).QuickCheckThrowOnFailure();

    private static TimeSpan? Parsed(string text) => WaitTime.TryParse(text, out var value) ? value : null;

    private static bool IsJsonOrProblem(byte[] bytes)
    {
        try
        {
            // What is accepted can be written again, with every string in it readable.
            return JsonElement.Parse(StrictJson.Parse(bytes).GetRawText()).ValueKind != JsonValueKind.Undefined;
        }
        catch (ProblemException problem)
        {
            return problem.Kind == ProblemKind.InvalidJson && problem.Message.Length > 20;
        }
    }
}
