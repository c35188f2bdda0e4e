package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.proxy.origin.Origin;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelocationTest {

    private static final String CLIENT = "shop.example:8443";

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    /login,                             /shop/login
                    /login?to=/shop#top,                /shop/login?to=/shop#top
                    /login?to=https://shop.example:8443/x, /shop/login?to=https://shop.example:8443/x
                    /login?to=https://id.example/x,     /shop/login?to=https://id.example/x
                    /shop,                              /shop
                    /shop/cart,                         /shop/cart
                    /shopping,                          /shop/shopping
                    cart,                               cart
                    ?page=2,                            ?page=2
                    //other.example/x,                  //other.example/x
                    //shop.example:8443/login,          //shop.example:8443/shop/login
                    //10.0.0.1:3000/login,              /shop/login
                    //10.0.0.2,                         /shop/
                    //10.0.0.1/login,                   //10.0.0.1/login
                    https://shop.example:8443/login,    https://shop.example:8443/shop/login
                    https://shop.example:8443/shop/a,   https://shop.example:8443/shop/a
                    http://10.0.0.1:3000/login,         /shop/login
                    HTTP://10.0.0.1:3000,               /shop/
                    http://10.0.0.2/login,              /shop/login
                    http://10.0.0.2:80/login,           /shop/login
                    https://10.0.0.2/login,             https://10.0.0.2/login
                    https://id.example/sign-in,         https://id.example/sign-in
                    http://10.0.0.1:3000@evil.example/, http://10.0.0.1:3000@evil.example/
                    """)
    void aLocationIsWhereTheClientFindsIt(String said, String told) {
        assertEquals(told, relocation(origin("/shop", true)).location(said));
    }

    @ParameterizedTest
    @CsvSource({"/login,/login", "http://10.0.0.1:3000/login?a=1,/login?a=1", "https://id.example/,https://id.example/"
    })
    void withoutAPrefixToAddOnlyTheAddressOfTheOriginGoes(String said, String told) {
        assertEquals(told, relocation(origin("/", true)).location(said));
        assertEquals(told, relocation(origin("/shop", false)).location(said));
    }

    @ParameterizedTest
    @CsvSource({
        "a=1; Path=/; HttpOnly,a=1; Path=/shop; HttpOnly",
        "a=1;path=/cart,a=1; path=/shop/cart",
        "a=1; Path=/shop/cart,a=1; Path=/shop/cart",
        "a=1; HttpOnly,a=1; HttpOnly",
        "path=/; Secure,path=/; Secure",
        "__Host-a=1; Path=/; Secure,__Host-a=1; Path=/; Secure",
        "a=1; Domain=10.0.0.1; HttpOnly,a=1; HttpOnly",
        "a=1; domain=.10.0.0.2,a=1",
        "a=1; Domain=shop.example; Secure,a=1; Domain=shop.example; Secure",
        "a=1; Domain=.example,a=1; Domain=.example",
        "a=1; Domain=elsewhere.example,a=1; Domain=elsewhere.example",
        "domain=10.0.0.1; Secure,domain=10.0.0.1; Secure"
    })
    void aCookieComesBackToItsOrigin(String said, String told) {
        assertEquals(told, relocation(origin("/shop", true)).cookie(said));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5; url=http://10.0.0.1:3000/next | 5; url=/shop/next",
                "0;URL='/next?a=1' | 0;URL='/shop/next?a=1'",
                "1, http://10.0.0.2/ | 1, /shop/",
                "0; url=https://id.example/ | 0; url=https://id.example/",
                "5 | 5"
            })
    void aRefreshLeadsWhereTheClientFindsIt(String value, String expected) {
        assertEquals(expected, relocation(origin("/shop", true)).refresh(value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "</a.css>; rel=preload; as=style, <http://10.0.0.1:3000/x?page=2>; rel=\"next\" | </shop/a.css>; rel=preload; as=style, </shop/x?page=2>; rel=\"next\"",
                "<https://cdn.example/a.js>; rel=preload | <https://cdn.example/a.js>; rel=preload",
                "<//shop.example:8443/a>; rel=next | <//shop.example:8443/shop/a>; rel=next"
            })
    void linksLeadWhereTheClientFindsThem(String value, String expected) {
        assertEquals(expected, relocation(origin("/shop", true)).link(value));
    }

    /** The client reaches the gateway under /live on public.example, as declared by the proxy in front. */
    private static Relocation mounted(String prefix, boolean strip) {
        return new Relocation(origin(prefix, strip), "/live", List.of(CLIENT, "public.example"));
    }

    @ParameterizedTest
    @CsvSource({
        "/login, /live/login, /live/shop/login",
        "/live, /live, /live/shop/live",
        "/live/login?a=/live, /live/login?a=/live, /live/shop/live/login?a=/live",
        "/shop/cart, /live/shop/cart, /live/shop/cart",
        "/live/shop/cart, /live/shop/cart, /live/shop/cart",
        "/lively, /live/lively, /live/shop/lively",
        "https://public.example/login, https://public.example/live/login, https://public.example/live/shop/login",
        "https://public.example/live/shop, https://public.example/live/shop, https://public.example/live/shop",
        "http://10.0.0.1:3000/login, /live/login, /live/shop/login",
        "https://id.example/live, https://id.example/live, https://id.example/live",
        "login, login, login"
    })
    void aLocationIsBelowTheMountPath(String location, String expected, String stripped) {
        assertEquals(expected, mounted("/", false).location(location));
        assertEquals(expected, mounted("/shop", false).location(location));
        assertEquals(stripped, mounted("/shop", true).location(location));
    }

    @ParameterizedTest
    @CsvSource({
        "a=1; Path=/; HttpOnly, a=1; Path=/live; HttpOnly, a=1; Path=/live/shop; HttpOnly",
        "a=1;path=/cart, a=1; path=/live/cart, a=1; path=/live/shop/cart",
        "a=1;path=/live/shop, a=1;path=/live/shop, a=1;path=/live/shop",
        "a=1; HttpOnly, a=1; HttpOnly, a=1; HttpOnly",
        "a=1; Domain=public.example, a=1; Domain=public.example, a=1; Domain=public.example",
        "__Host-a=1; Path=/; Secure, __Host-a=1; Path=/; Secure, __Host-a=1; Path=/; Secure"
    })
    void aCookieIsOnlySentBelowTheMountPath(String cookie, String expected, String stripped) {
        assertEquals(expected, mounted("/", false).cookie(cookie));
        assertEquals(stripped, mounted("/shop", true).cookie(cookie));
    }

    private static Relocation relocation(Origin origin) {
        return new Relocation(origin, "", List.of(CLIENT));
    }

    private static Origin origin(String prefix, boolean strip) {
        Origin o = new Origin(prefix, URI.create("http://10.0.0.1:3000"));
        return new Origin(
                prefix,
                o.url(),
                List.of(URI.create("http://10.0.0.2")),
                strip,
                true,
                o.host(),
                o.balance(),
                o.retries(),
                o.requests(),
                o.streams(),
                o.health(),
                o.ejection(),
                o.fields(),
                o.tls());
    }
}
