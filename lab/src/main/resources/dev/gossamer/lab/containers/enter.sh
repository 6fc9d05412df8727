#!/bin/bash
# Inside a container's new mount and UTS namespaces: mounts what the pod's spec asks for, then becomes the container.
# enter.sh MOUNTS SCRATCH HOSTNAME WORKDIR COMMAND [ARGUMENT...]
# MOUNTS has a line for each mount: "ro" or "rw", source, target; tabs between. A line "keep" names a directory that no
# mount may hide, as the program is in there. SCRATCH is a directory of this container's own.
set -eu
path=$PATH
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mounts=$1 scratch=$2 hostname=$3 workdir=$4
shift 4

fail() {
  echo "gossamer: $*" >&2
  exit 128
}

# The deepest part of a path that exists.
existing() {
  local path=$1
  while [[ ! -e $path ]]; do path=$(dirname "$path"); done
  echo "$path"
}

# A root directory of our own, for mount points at the top level: this machine's root is not ours to write to.
new_root() {
  root=$scratch/root
  mkdir -p "$root"
  mount -t tmpfs tmpfs "$root"
  local entry name
  for entry in /* /.[!.]*; do
    name=${entry#/}
    if [[ -L $entry ]]; then
      cp -P "$entry" "$root/$name"
    elif [[ -d $entry ]]; then
      mkdir "$root/$name"
      mount --rbind "$entry" "$root/$name"
    fi
  done
}

# Directories in which mount points may be made: the lab's own, and what is mounted over here.
ours=(/run)
layers=0

is_ours() {
  local own
  for own in "${ours[@]}"; do [[ $1 == "$own" || $1 == "$own"/* ]] && return 0; done
  return 1
}

# Makes the mount point $2 for the source $1, without a trace on this machine's disk.
make_mount_point() {
  local source=$1 target=$2 base
  [[ ! -e $root$target ]] || return 0
  base=$(existing "$root$target")
  base=${base#"$root"}
  if [[ -n $base ]] && ! is_ours "$base"; then
    layers=$((layers + 1))
    mkdir -p "$scratch/upper$layers" "$scratch/work$layers"
    mount -t overlay overlay "$root$base" \
      -o "lowerdir=$root$base,upperdir=$scratch/upper$layers,workdir=$scratch/work$layers,userxattr" ||
      fail "cannot make the mount point $target: this kernel has no overlay file system for it; mount the volume below /run or at a directory that exists"
    ours+=("$base")
  fi
  if [[ -d $source ]]; then
    mkdir -p "$root$target"
  else
    mkdir -p "$(dirname "$root$target")"
    : >"$root$target"
  fi
}

kept=()
keep() {
  local place=$scratch/kept${#kept[@]}
  mkdir -p "$place"
  mount --rbind "$1" "$place"
  kept+=("$place" "$1")
}

root=
while IFS=$'\t' read -r mode source target; do
  if [[ $mode == keep ]]; then
    keep "$source"
  elif [[ -z $root && $(existing "$(readlink -m "$target")") == / ]]; then
    new_root
  fi
done <"$mounts"

# Whether another volume is mounted above a path: the mount point is then made in that volume, once it is there.
inside_a_volume() {
  local mode source target place
  while IFS=$'\t' read -r mode source target; do
    [[ $mode != keep ]] || continue
    place=$(readlink -m "$target")
    [[ $1 != "$place"/* ]] || return 0
  done <"$mounts"
  return 1
}

# First the mount points: making one may lay a file system over its directory, which would hide what is mounted there.
while IFS=$'\t' read -r mode source target; do
  [[ $mode != keep ]] || continue
  place=$(readlink -m "$target")
  inside_a_volume "$place" || make_mount_point "$source" "$place"
done <"$mounts"

while IFS=$'\t' read -r mode source target; do
  [[ $mode != keep ]] || continue
  # A link, as /var/run is and /etc/resolv.conf often, leads where the mount has to be.
  place=$(readlink -m "$target")
  make_mount_point "$source" "$place"
  options=bind
  [[ $mode == rw ]] || options=bind,ro
  [[ $mode == rw && -d $source ]] && options=rbind
  mount -o "$options" "$source" "$root$place" || fail "cannot mount a volume at $target"
  ours+=("$place")
done <"$mounts"

for ((i = 0; i < ${#kept[@]}; i += 2)); do
  # Whether it is still the same directory; a volume may hold an empty one of this name from an earlier run.
  if [[ ! $root${kept[i + 1]} -ef ${kept[i]} ]]; then
    mkdir -p "$root${kept[i + 1]}"
    mount --rbind "${kept[i]}" "$root${kept[i + 1]}"
  fi
done

if command -v hostname >/dev/null; then hostname "$hostname"; fi

PATH=$path
unset OLDPWD SHLVL _
if [[ -n $root ]]; then
  # chroot(8) changes the working directory to the new root, so the shell inside goes back.
  exec /usr/sbin/chroot "$root" /bin/bash -c \
    'cd "$1" || exit 128; : >"$0/entered"; shift; unset OLDPWD SHLVL; exec "$@"' "$scratch" "$workdir" "$@"
fi
cd "$workdir" || fail "there is no working directory $workdir"
# From here on others may enter, too: what they find is the container's.
: >"$scratch/entered"
exec "$@"
