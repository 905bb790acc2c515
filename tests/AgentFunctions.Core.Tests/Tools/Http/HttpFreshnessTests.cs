using System.Globalization;
using System.Net;
using AgentFunctions.Core.Tools.Http;

namespace AgentFunctions.Core.Tests.Tools.Http;

public sealed class HttpFreshnessTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(200, "", 0)]
    [InlineData(200, "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT", 0)]
    [InlineData(200, "Cache-Control: max-age=60", 60)]
    [InlineData(203, "Cache-Control: max-age=60", 60)]
    [InlineData(206, "Cache-Control: max-age=60", 0)]
    [InlineData(201, "Cache-Control: max-age=60", 0)]
    [InlineData(200, "Cache-Control: private, max-age=60", 60)]
    [InlineData(200, "Cache-Control: public, s-maxage=30, max-age=60", 30)]
    [InlineData(200, "Cache-Control: s-maxage=90, max-age=60", 60)]
    [InlineData(200, "Cache-Control: s-maxage=30", 30)]
    [InlineData(200, "Cache-Control: no-store, max-age=60", 0)]
    [InlineData(200, "Cache-Control: no-cache, max-age=60", 0)]
    [InlineData(200, "Cache-Control: no-cache=\"Set-Cookie\", max-age=60", 0)]
    [InlineData(200, "Cache-Control: max-age=soon", 0)]
    [InlineData(200, "Cache-Control: max-age=60|Vary: *", 0)]
    [InlineData(200, "Cache-Control: max-age=60|Vary: Accept-Language", 60)]
    [InlineData(200, "Cache-Control: max-age=60|Age: 20", 40)]
    [InlineData(200, "Cache-Control: max-age=60|Age: 61", 0)]
    [InlineData(200, "Cache-Control: max-age=60|Date: Fri, 01 May 2026 11:59:30 GMT", 30)]
    [InlineData(200, "Cache-Control: max-age=60|Date: Fri, 01 May 2026 12:05:00 GMT", 60)]
    [InlineData(200, "Cache-Control: max-age=60|Date: Fri, 01 May 2026 11:59:50 GMT|Age: 20", 40)]
    [InlineData(200, "Expires: Fri, 01 May 2026 12:10:00 GMT", 600)]
    [InlineData(200, "Expires: Fri, 01 May 2026 12:15:00 GMT|Date: Fri, 01 May 2026 12:05:00 GMT", 600)]
    [InlineData(200, "Expires: Fri, 01 May 2026 11:00:00 GMT", 0)]
    [InlineData(200, "Expires: 0", 0)]
    [InlineData(200, "Expires: Fri, 01 May 2026 12:10:00 GMT|Cache-Control: max-age=5", 5)]
    [InlineData(200, "Expires: Fri, 01 May 2026 12:10:00 GMT|Pragma: no-cache", 0)]
    [InlineData(302, "", 0)]
    [InlineData(302, "Cache-Control: max-age=60", 60)]
    [InlineData(307, "", 0)]
    [InlineData(301, "", null)]
    [InlineData(308, "", null)]
    [InlineData(301, "Cache-Control: max-age=60", 60)]
    [InlineData(301, "Cache-Control: no-store", 0)]
    public void Of_Response_IsWhatItSays(int status, string headers, int? seconds)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("") };
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 2)..]);
            if (!response.Headers.TryAddWithoutValidation(name, value)) response.Content.Headers.TryAddWithoutValidation(name, value);
        }

        Assert.Equal(seconds?.ToString(CultureInfo.InvariantCulture), HttpFreshness.Of(response, Now)?.TotalSeconds.ToString(CultureInfo.InvariantCulture));
    }
}
