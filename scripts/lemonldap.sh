#!/usr/bin/env bash
# A throw-away identity provider for tests: Debian's LemonLDAP::NG, unpacked into a folder and not installed.
#   scripts/lemonldap.sh start DIR   DIR is an empty folder straight under /tmp; prints the issuer
#   scripts/lemonldap.sh stop DIR    stops it and removes DIR
# The client is polku with the secret "salaisuus", coming back to http://127.0.0.1:1/back. People are the provider's own
# demo accounts, whose passwords are their names: dwho (groups timelords and users), rtyler, msmith.
# Settings: POLKU_LEMONLDAP_DEBS=FOLDER   keep the downloaded packages there, and take them from there
set -euo pipefail
command=${1:?start or stop} dir=${2:?a folder}

# What the portal of Debian 12 needs beside perl itself; String::Random, IO::String and the PEM readers are only
# recommended there.
packages() {
  apt-get install -s --no-install-recommends liblemonldap-ng-portal-perl libio-string-perl libstring-random-perl libconvert-pem-perl libjson-perl 2>/dev/null |
    awk '/^Inst/ {print $2}'
}

unpack() {
  local debs=${POLKU_LEMONLDAP_DEBS:-$dir/debs}
  mkdir -p "$debs" "$dir/root"
  if ! ls "$debs"/liblemonldap-ng-portal-perl_*.deb >/dev/null 2>&1; then
    # shellcheck disable=SC2046
    (cd "$debs" && apt-get download $(packages) >"$dir/download.log" 2>&1) || { tail -n 5 "$dir/download.log" >&2; return 1; }
  fi
  for deb in "$debs"/*.deb; do dpkg -x "$deb" "$dir/root"; done
}

configure() {
  local port=$1
  mkdir -p "$dir/conf" "$dir/sessions/lock" "$dir/psessions/lock" "$dir/cache"
  openssl genrsa -out "$dir/key.pem" 2048 2>/dev/null
  openssl rsa -in "$dir/key.pem" -pubout -out "$dir/pub.pem" 2>/dev/null
  cat >"$dir/lemonldap-ng.ini" <<END
[all]
logLevel = warn
logger = Lemonldap::NG::Common::Logger::Std
userLogger = Lemonldap::NG::Common::Logger::Std
[configuration]
type=File
dirName = $dir/conf
localStorage=Cache::FileCache
localStorageOptions={ 'namespace' => 'lemonldap-ng-config', 'default_expires_in' => 600, 'cache_root' => '$dir/cache', 'cache_depth' => 3 }
[portal]
templateDir = $dir/root/usr/share/lemonldap-ng/portal/templates
languages = en
[handler]
status = 0
END
  cat >"$dir/app.psgi" <<'END'
# The portal wants a module that draws puzzles though none is shown: this one draws nothing.
package NoPuzzle; use Mouse; extends 'Lemonldap::NG::Portal::Main::Plugin'; sub init { 1 } $INC{'NoPuzzle.pm'} = 1;
package main;
use Lemonldap::NG::Portal::Main;
Lemonldap::NG::Portal::Main->run({configStorage => {confFile => $ENV{LLNG_DEFAULTCONFFILE}}});
END
  DIR=$dir PORT=$port perl -MJSON::PP -e '
    sub text { local (@ARGV, $/) = @_; <> }
    my $d = $ENV{DIR};
    print encode_json({cfgNum => 1, cfgAuthor => "test", cfgDate => "1", authentication => "Demo", userDB => "Same", passwordDB => "Demo", registerDB => "Null",
      portal => "http://127.0.0.1:$ENV{PORT}/", domain => "127.0.0.1", cookieName => "lemonldap", securedCookie => 0, whatToTrace => "uid", timeout => 72000,
      portalSkin => "bootstrap", portalForceAuthnInterval => 1, captcha => "NoPuzzle", key => "throw-away",
      globalStorage => "Apache::Session::File", globalStorageOptions => {Directory => "$d/sessions", LockDirectory => "$d/sessions/lock"},
      persistentStorage => "Apache::Session::File", persistentStorageOptions => {Directory => "$d/psessions", LockDirectory => "$d/psessions/lock"},
      localSessionStorage => "Cache::FileCache", localSessionStorageOptions => {namespace => "sessions", default_expires_in => 600, cache_root => "$d/cache", cache_depth => 3},
      demoExportedVars => {cn => "cn", mail => "mail", uid => "uid"}, exportedVars => {}, macros => {}, groups => {}, locationRules => {"127.0.0.1" => {default => "accept"}},
      issuerDBOpenIDConnectActivation => 1, oidcServiceAllowAuthorizationCodeFlow => 1, oidcServiceMetaDataAuthnContext => {"loa-1" => 1, "loa-2" => 2, "loa-3" => 3},
      oidcServicePrivateKeySig => text("$d/key.pem"), oidcServicePublicKeySig => text("$d/pub.pem"), oidcServiceKeyIdSig => "k1",
      oidcRPMetaDataOptions => {polku => {oidcRPMetaDataOptionsClientID => "polku", oidcRPMetaDataOptionsClientSecret => "salaisuus",
        oidcRPMetaDataOptionsRedirectUris => "http://127.0.0.1:1/back", oidcRPMetaDataOptionsIDTokenSignAlg => "RS256", oidcRPMetaDataOptionsBypassConsent => 1,
        oidcRPMetaDataOptionsRequirePKCE => 1, oidcRPMetaDataOptionsIDTokenExpiration => 3600, oidcRPMetaDataOptionsAccessTokenExpiration => 3600,
        oidcRPMetaDataOptionsUserIDAttr => "uid"}},
      oidcRPMetaDataExportedVars => {polku => {email => "mail", name => "cn", preferred_username => "uid", groups => "groups"}},
      oidcRPMetaDataOptionsExtraClaims => {polku => {groups => "groups"}}})' >"$dir/conf/lmConf-1.json"
}

start() {
  unpack
  local port=$((20000 + RANDOM % 20000)) lib
  configure "$port"
  lib=$(dirname "$(find "$dir/root/usr/lib" -name Mouse.pm -path '*perl5*' | head -n 1)")
  cd "$dir"
  LLNG_DEFAULTCONFFILE=$dir/lemonldap-ng.ini PERL5LIB=$dir/root/usr/share/perl5:$lib LD_LIBRARY_PATH=$(dirname "$(dirname "$lib")") \
    setsid perl -MPlack::Runner -e 'my $r = Plack::Runner->new; $r->parse_options("-s", "HTTP::Server::PSGI", "-E", "deployment", "-o", "127.0.0.1", "-p", shift, shift); $r->run' \
    "$port" "$dir/app.psgi" >"$dir/log" 2>&1 </dev/null &
  echo $! >"$dir/pid"
  for _ in $(seq 1 120); do
    if curl -fsS -m 5 "http://127.0.0.1:$port/.well-known/openid-configuration" >/dev/null 2>&1; then
      echo "http://127.0.0.1:$port/"
      return 0
    fi
    sleep 0.5
  done
  tail -n 5 "$dir/log" >&2
  return 1
}

case $command in
  start) start ;;
  stop) [ ! -f "$dir/pid" ] || kill "$(cat "$dir/pid")" 2>/dev/null || true; rm -rf "$dir" ;;
  *) echo "start or stop" >&2; exit 2 ;;
esac
