namespace Ungroup.Tests.Ecs.Credentials;

/// <summary>Answers of STS and an identity endpoint, with secrets that must turn up nowhere.</summary>
internal static class StsReplies
{
    public const string Identity = "/msi/token";
    public const string Jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJlLXBsYW50ZWQ";
    public const string Header = "planted-identity-header";
    public const string Secret = "planted-sts-secret";
    public const string Token = "planted-sts-token";

    public static ScriptedReply TokenFor(string jwt = Jwt) => Replies.Json(200, $$"""{"access_token":"{{jwt}}","expires_on":"1767330245","token_type":"Bearer"}""");

    public static ScriptedReply Issued(string id = "STS.first", string expiration = "2026-01-02T04:04:05Z") => Replies.Json(200, $$$"""
        {"RequestId":"REQ-STS","Credentials":{"AccessKeyId":"{{{id}}}","AccessKeySecret":"{{{Secret}}}","SecurityToken":"{{{Token}}}","Expiration":"{{{expiration}}}"}}
        """);
}
