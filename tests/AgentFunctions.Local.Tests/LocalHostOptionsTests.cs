using Microsoft.Extensions.Options;

namespace AgentFunctions.Local.Tests;

public sealed class LocalHostOptionsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(100_000)]
    public void Validated_MaxActivitiesInRange_IsTaken(int value) => Assert.Equal(value, new LocalHostOptions { MaxActivities = value }.Validated().MaxActivities);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100_001)]
    public void Validated_MaxActivitiesOutOfRange_IsRefusedWithNameValueAndRange(int value) =>
        Assert.Equal($"max-activities is {value}. It must be 1 to 100000.", Assert.Throws<OptionsValidationException>(() => new LocalHostOptions { MaxActivities = value }.Validated()).Message);

    [Theory]
    [InlineData("http://127.0.0.1:7071", true)]
    [InlineData("http://*:80;https://localhost", true)]
    [InlineData("http://[::1]:0", true)]
    [InlineData("localhost:80", false)]
    [InlineData("ftp://localhost", false)]
    [InlineData("http://localhost:70000", false)]
    [InlineData("", false)]
    [InlineData("  ", false)]
    public void Errors_Urls_RefusesWhatCannotBeListenedOn(string urls, bool valid) => Assert.Equal(valid, new LocalHostOptions { Urls = urls }.Errors().Count == 0);

    [Fact]
    public void Errors_SeveralSettingsWrong_NamesThemAll() => Assert.Equal(3, new LocalHostOptions { Urls = "x", MaxActivities = 0, DataDirectory = " " }.Errors().Count);

    [Fact]
    public void Errors_DataIsAFile_IsRefused() => Assert.Contains("which is a file", Assert.Single(new LocalHostOptions { DataDirectory = typeof(LocalHostOptionsTests).Assembly.Location }.Errors()), StringComparison.Ordinal);
}
